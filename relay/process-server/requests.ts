// What a person may ask of a machine: delete, retry, patch, resolve, try now. Pure: changes a draft.
import type { DriverConfig, DriverConfigChange, Resolved } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { Machine } from "../store/types.ts";
import type { ProcessServerConfig } from "./config.ts";
import type { Draft } from "./draft.ts";
import { lifecycles } from "./lifecycles.ts";
import { describePlace, placeChanges, placeless } from "./places.ts";
import type { MachineChange } from "./process-server.ts";
import { buryMachine, endProcess, fire, openProcess } from "./steps.ts";

export const joinedDriver = "joined";

/** Deleting twice is no error. During create or bootstrap the run is cancelled, and must be known to be over first. */
export function requestDelete(draft: Draft, config: ProcessServerConfig): void {
  const { machine, current } = draft;
  if (machine.state === "deleting" || machine.state === "deleted") return;
  if (machine.driver === joinedDriver) {
    draft.note("state", "deleted: its agent is told to leave, the host stays");
    return buryMachine(draft);
  }
  draft.note("delete", "delete was asked for");
  if (!current) return openProcess(draft, "delete", config);
  const step = draft.activeStep;
  draft.changeProcess(current, { state: "cancelling", cancelledAt: draft.now, nextFireAt: null });
  openProcess(draft, "delete", config);
  draft.changeMachine({ progress: { message: `Waiting for the end of ${current.name}`, percent: null, stage: null } });
  if (step) draft.follow({ kind: "cancel", process: current, eventId: step.eventId });
  // Nothing was ever started, so nothing has to end: a start that is on its way is refused its run.
  const cancelling = draft.current;
  if (cancelling && !draft.hasLiveRun) endProcess(draft, cancelling, "cancelled", null, config);
}

/** Forgets the machine at once, and says what may be left behind. */
export function forgetMachine(draft: Draft): void {
  const { machine } = draft;
  if (machine.state === "deleted") return;
  const message = `forgotten by force, without asking the provider. ${describeRemains(machine)}`;
  draft.note("forgotten", message);
  for (const process of draft.open) {
    const step = process.steps.find((other) => other.state === "active");
    draft.changeProcess(process, { state: "ended", outcome: "forgotten", nextFireAt: null, endedAt: draft.now });
    if (step) draft.follow({ kind: "cancel", process, eventId: step.eventId });
  }
  buryMachine(draft);
  // Whoever forced it reads it in the answer, and need not look for it in the history.
  draft.changeMachine({ error: { code: "machine.forgotten", message } });
}

function describeRemains(machine: Machine): string {
  const known = [
    `driver ${machine.driver}`,
    `name ${machine.machineName}`,
    ...(machine.providerId ? [`id ${machine.providerId}`] : []),
    ...(machine.ipAddress ? [`address ${machine.ipAddress}`] : []),
    ...describePlace(machine.driverConfig),
  ];
  return `${describeRest(machine)}: ${known.join(", ")}.`;
}

function describeRest({ driver, isSimulated }: Machine): string {
  if (isSimulated) return "Nothing real can be left";
  // Nobody made it here, so it costs what it cost before.
  if (driver === joinedDriver || placeless.has(driver))
    return "The host stays as it is, and its agent may run on there";
  if (driver === "container") return "Its container may still run at the local Docker engine";
  return "A VM, its SSH key and what belongs to them may still exist and cost money";
}

/** @throws RelayError `machine.wrongState` */
export function requestRetry(draft: Draft, config: ProcessServerConfig): void {
  requireState(draft.machine, ["error"], "retry");
  const name = draft.last?.name ?? "create";
  draft.note("retry", `${name} is tried again`);
  openProcess(draft, name, config);
}

/** @throws RelayError `machine.wrongState`, `machine.placeChange`, `option.unknown` */
export function requestPatch(draft: Draft, change: MachineChange, config: ProcessServerConfig): void {
  requireState(draft.machine, allStatesBut("deleted"), "patch");
  if (change.labels) {
    draft.changeMachine({ labels: change.labels });
    draft.note("patch", "labels changed", { eventId: null, attempt: null, run: null });
  }
  if (!change.driverConfig || Object.keys(change.driverConfig).length === 0) return;
  requireState(draft.machine, ["error", "deleting"], "change driver options of");
  const driverConfig = layOver(draft.machine.driverConfig, change.driverConfig);
  const moved = placeChanges(draft.machine.driver, draft.machine.driverConfig, driverConfig);
  if (moved.length > 0 && mayHaveMade(draft)) {
    throw new RelayError("machine.placeChange", {
      message: `a VM may exist where ${draft.machine.name} was being made, and would be forgotten there: delete the machine and create it anew`,
      field: `driverConfig.${moved[0]}`,
      expected: "the place that it was created with",
      got: "another one",
    });
  }
  draft.changeMachine({ driverConfig });
  draft.note("patch", `driver options changed: ${Object.keys(change.driverConfig).sort().join(", ")}`);
  const { current } = draft;
  // What was waited for may just have been mended.
  if (current?.state === "running" && !draft.hasLiveRun && draft.machine.state === "deleting") fire(draft, config);
}

/** @throws RelayError `option.unknown`: what is not set cannot be removed, so the name is a mistake */
function layOver(options: DriverConfig, change: DriverConfigChange): DriverConfig {
  const changed: DriverConfigChange = { ...options, ...change };
  for (const [name, value] of Object.entries(change)) {
    if (value !== null) continue;
    delete changed[name];
    if (name in options) continue;
    throw new RelayError("option.unknown", {
      message: `${name} is not set, so it cannot be removed`,
      field: `driverConfig.${name}`,
      expected: `one of ${Object.keys(options).join(", ") || "none: no option is set"}`,
      got: "null",
    });
  }
  return changed as DriverConfig;
}

/** Could there be something at the provider? Only a reply with no archive left, and a clean end, say no. */
function mayHaveMade(draft: Draft): boolean {
  return draft.machine.hasArchive || draft.machine.unsettledSince !== null || draft.hasLiveRun;
}

/** @throws RelayError `process.notWaiting` */
export function requestResolve(draft: Draft, resolved: Resolved, config: ProcessServerConfig): void {
  const { current } = draft;
  if (current?.waitingFor !== "resolve") {
    throw new RelayError("process.notWaiting", {
      message: `${draft.machine.name} does not wait for anybody to look at the provider`,
      field: "outcome",
      expected: "a machine whose process waits for resolve",
      got: `a machine in ${draft.machine.state}`,
    });
  }
  draft.changeMachine({ resolved });
  draft.note(
    "resolve",
    resolved.outcome === "nothing"
      ? "a person found nothing at the provider"
      : `a person found ${resolved.providerId} at the provider`,
  );
  draft.changeProcess(current, { failures: 0 });
  fire(draft, config);
}

/** Try now. A run that lives is left alone: it is being worked on. @throws RelayError `process.notWaiting` */
export function requestFire(draft: Draft, processId: string, config: ProcessServerConfig): void {
  const { current } = draft;
  if (current?.id !== processId || current.state === "cancelling") {
    throw new RelayError("process.notWaiting", {
      message: `process ${processId} waits for no firing`,
      expected: "a running or waiting process",
      got: draft.open.find((open) => open.id === processId)?.state ?? "ended",
    });
  }
  draft.note("retry", "tried now by request");
  draft.changeProcess(current, { failures: 0 });
  fire(draft, config);
}

function requireState(machine: Machine, states: readonly string[], verb: string): void {
  if (states.includes(machine.state)) return;
  throw new RelayError(machine.state === "deleted" ? "machine.gone" : "machine.wrongState", {
    message: `cannot ${verb} ${machine.name} while it is ${machine.state}`,
    field: "state",
    expected: states.join(" or "),
    got: machine.state,
  });
}

function allStatesBut(state: string): string[] {
  const states = new Set(Object.values(lifecycles).flatMap((lifecycle) => [...lifecycle.from, lifecycle.while]));
  states.add("active");
  states.delete(state as never);
  return [...states];
}
