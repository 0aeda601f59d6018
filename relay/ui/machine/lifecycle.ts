// Where in its life a machine is: its steps in order, and how each of them is. Pure.
import type { MachineView } from "../../api/machine-view.ts";
import type { ProcessView } from "../../api/process-view.ts";
import type { TimingsView } from "../../api/timings-view.ts";
import { statusOf } from "./time-line.ts";

export type StepName = "create" | "bootstrap" | "joined" | "active" | "delete";
export type StepStatus = "done" | "now" | "waiting" | "failed" | "stopped" | "left out" | "later";

export interface LifecycleStep {
  name: StepName;
  status: StepStatus;
  /** The machine is here. */
  isPresent: boolean;
  startedAt: number | null;
  /** Null: it has not begun, or has not ended. */
  tookMs: number | null;
  usualMs: number | null;
}

type Looked = Pick<MachineView, "state" | "driver" | "process" | "ipAddress">;
type Past = Pick<ProcessView, "name" | "state" | "outcome" | "startedAt" | "endedAt">;
type ProcessName = Past["name"];

/** A host that came by itself: nobody created it, and its delete only stops its agent. */
export const joinedDriver = "joined";

/** `processes` newest first; null while nobody has read them. */
export function lifecycleOf(
  machine: Looked,
  processes: readonly Past[] | null,
  timings: TimingsView | null,
): LifecycleStep[] {
  const present = presentStep(machine, processes);
  const names: StepName[] =
    machine.driver === joinedDriver ? ["joined", "active", "delete"] : ["create", "bootstrap", "active", "delete"];
  const presentIndex = names.indexOf(present);
  return names.map((name, index) => {
    const past = processes?.find((process) => process.name === name);
    const isPresent = index === presentIndex;
    return {
      name,
      status: isPresent ? presentStatus(machine) : otherStatus(name, past, index < presentIndex, processes),
      isPresent,
      startedAt: past?.startedAt ?? null,
      tookMs: past && past.startedAt !== null && past.endedAt !== null ? past.endedAt - past.startedAt : null,
      usualMs: timings?.processes.find(({ process }) => process === name)?.medianMs ?? null,
    };
  });
}

/** The process that failed, or that runs; without processes by what only a created machine has. */
function presentStep({ state, ipAddress }: Looked, processes: readonly Past[] | null): StepName {
  if (state === "requested" || state === "creating") return "create";
  if (state === "created" || state === "bootstrapping") return "bootstrap";
  if (state === "active") return "active";
  if (state === "error") return failedProcess(processes) ?? (ipAddress === null ? "create" : "bootstrap");
  return "delete";
}

export function failedProcess(processes: readonly Past[] | null): ProcessName | null {
  return processes?.find(({ outcome }) => outcome === "error")?.name ?? null;
}

function presentStatus({ state, process }: Looked): StepStatus {
  if (state === "active" || state === "deleted") return "done";
  if (state === "error") return "failed";
  // Between two attempts nothing goes on either.
  return process?.state === "waiting" || (process?.error && process.nextFireAt !== null) ? "waiting" : "now";
}

function otherStatus(
  name: StepName,
  past: Past | undefined,
  isBefore: boolean,
  processes: readonly Past[] | null,
): StepStatus {
  if (!isBefore) return "later";
  if (name === "joined") return "done";
  // Active was reached if bootstrap went well, whenever that was.
  if (name === "active") return hasBeenActive(processes) ? "done" : "left out";
  if (!past) return processes === null ? "done" : "left out";
  const status = statusOf(past);
  if (status === "done" || status === "failed") return status;
  return "stopped";
}

function hasBeenActive(processes: readonly Past[] | null): boolean {
  if (processes === null) return true;
  const isJoined = !processes.some(({ name }) => name === "create");
  return isJoined || processes.some(({ name, outcome }) => name === "bootstrap" && outcome === "done");
}
