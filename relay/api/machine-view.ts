// A machine as anybody may read it: no secret in it. Pure.
import Type from "typebox";
import {
  type DriverConfig,
  EngineOptions,
  hideEngineSecrets,
  isSecretOption,
  type OptionValue,
  Resolved,
  SshAccess,
  secretMask,
} from "../../functions/contract.ts";
import type { Machine, MachineState, Process } from "../store/types.ts";
import { FailureView, viewFailure } from "./failure-view.ts";
import { NextFireAt, Nullable, Time } from "./schemas.ts";

export const machineStates = [
  "requested",
  "creating",
  "created",
  "bootstrapping",
  "active",
  "error",
  "deleting",
  "deleted",
] as const satisfies MachineState[];

const MachineProcess = Type.Object({
  id: Type.String(),
  name: Type.Enum(["create", "bootstrap", "delete"]),
  state: Type.String(),
  startedAt: Nullable(Type.Integer({ minimum: 0, description: "Milliseconds since 1970; null while it is queued." })),
  attempt: Type.Integer({ description: "How often its current event has been fired." }),
  nextFireAt: NextFireAt,
  waitingFor: Nullable(Type.String({ description: "`resolve`, or the handler that nobody stands in for." })),
  error: Nullable(FailureView),
});

export const MachineView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  machineName: Type.String({ description: "docker-machine's own name for it, seen at the provider." }),
  driver: Type.String(),
  driverConfig: Type.Record(Type.String(), Type.Unknown(), {
    description: `Driver options. Secrets and the contents of files read "${secretMask}"; given back in a PATCH that means: as it was.`,
  }),
  engine: EngineOptions,
  labels: Type.Record(Type.String(), Type.String()),
  state: Type.Enum(machineStates),
  transitioning: Type.Enum(["yes", "no", "error"]),
  transitioningMessage: Nullable(Type.String()),
  transitioningProgress: Nullable(Type.Number({ description: "Percent; null while nobody can say." })),
  stage: Nullable(Type.String()),
  error: Nullable(FailureView),
  ipAddress: Nullable(Type.String()),
  url: Nullable(Type.String()),
  engineVersion: Nullable(Type.String()),
  providerId: Nullable(Type.String()),
  ssh: Nullable(SshAccess),
  simulated: Type.Boolean({ description: "True: there is no such host." }),
  resolved: Nullable(Resolved),
  unsettledSince: Nullable(Time),
  hasArchive: Type.Boolean(),
  agent: Type.Object({
    state: Type.Enum(["none", "waiting", "connected", "reconnecting", "left"]),
    lastSeen: Nullable(Time),
    engineVersion: Nullable(Type.String()),
    containers: Type.Array(
      Type.Object({ id: Type.String(), name: Type.String(), image: Type.String(), state: Type.String() }),
    ),
  }),
  process: Nullable(MachineProcess),
  createdAt: Time,
  updatedAt: Time,
  deletedAt: Nullable(Time),
});
export type MachineView = Type.Static<typeof MachineView>;

/** `process`: the oldest one that is open, or null. */
export function viewMachine(machine: Machine, process: Process | null): MachineView {
  const { progress } = machine;
  const isTransitioning = isTransitional(machine.state);
  return {
    id: machine.id,
    name: machine.name,
    machineName: machine.machineName,
    driver: machine.driver,
    driverConfig: maskOptions(machine.driverConfig),
    engine: hideEngineSecrets(machine.engine),
    labels: machine.labels,
    state: machine.state,
    transitioning: machine.state === "error" ? "error" : isTransitioning ? "yes" : "no",
    transitioningMessage: machine.state === "error" ? (machine.error?.message ?? null) : (progress?.message ?? null),
    transitioningProgress: isTransitioning ? (progress?.percent ?? null) : null,
    stage: isTransitioning ? (progress?.stage ?? null) : null,
    error: viewFailure(machine.error),
    ipAddress: machine.ipAddress,
    url: machine.url,
    engineVersion: machine.engineVersion,
    providerId: machine.providerId,
    ssh: machine.ssh,
    simulated: machine.isSimulated,
    resolved: machine.resolved,
    unsettledSince: machine.unsettledSince,
    hasArchive: machine.hasArchive,
    agent: viewAgent(machine),
    process: process && viewMachineProcess(process),
    createdAt: machine.createdAt,
    updatedAt: machine.updatedAt,
    deletedAt: machine.deletedAt,
  };
}

/** `created` lasts until bootstrap has begun, which is the same commit; seen from outside the machine is on its way. */
function isTransitional(state: MachineState): boolean {
  return state !== "active" && state !== "error" && state !== "deleted";
}

function viewAgent({ host, state }: Machine): MachineView["agent"] {
  if (host) {
    const { state: hostState, lastSeenAt, engineVersion, containers } = host;
    // Its token ended with the machine, so whatever it said last, it is over.
    if (state === "deleted") return { state: "left", lastSeen: lastSeenAt, engineVersion, containers: [] };
    return { state: hostState, lastSeen: lastSeenAt, engineVersion, containers };
  }
  // Bootstrap starts the agent, so from then on it is expected.
  const isExpected = state === "bootstrapping" || state === "active";
  return { state: isExpected ? "waiting" : "none", lastSeen: null, engineVersion: null, containers: [] };
}

export function viewMachineProcess(process: Process): NonNullable<MachineView["process"]> {
  const { id, name, state, startedAt, attempt, nextFireAt, waitingFor, error } = process;
  return { id, name, state, startedAt, attempt, nextFireAt, waitingFor, error: viewFailure(error) };
}

export function maskOptions(options: DriverConfig): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, isSecretOption(name, value) ? secretMask : value]),
  );
}
