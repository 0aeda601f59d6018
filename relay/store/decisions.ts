// What a decision reads, and how it is written. Both run inside one unit.
import { RelayError } from "../errors.ts";
import type { Tables } from "./tables.ts";
import type { Decision, Machine, Process, Run, Snapshot } from "./types.ts";

/** @throws RelayError `machine.unknown` */
export function readSnapshot(tables: Tables, machineId: string, now: number): Snapshot {
  const machine = tables.machines.get(machineId);
  if (machine === null) throw unknownMachine(machineId);
  const open = tables.processes.listOpenOf(machineId);
  return {
    now,
    machine,
    open,
    last: tables.processes.lastOf(machineId),
    runs: readRuns(tables, open[0] ?? null),
    handlers: tables.handlers.list(),
  };
}

/** Those of the process's active step, oldest first. */
export function readRuns(tables: Tables, process: Process | null): Run[] {
  const activeStep = process?.steps.find((step) => step.state === "active");
  return activeStep === undefined ? [] : tables.runs.listOf(activeStep.eventId);
}

/** @throws RelayError `machine.nameTaken` */
export function writeDecision(tables: Tables, machine: Machine, decision: Decision<unknown>, now: number): void {
  const changes = definedFields(decision.machine ?? {});
  if (Object.keys(changes).length > 0) {
    // A decision was made on a snapshot; what is not its to write stays as the row has it.
    const changed = { ...machine, ...changes, id: machine.id, updatedAt: now };
    tables.machines.update(changed);
    if (changes.driverConfig !== undefined || changes.engine !== undefined) tables.machines.updateOptions(changed);
  }
  if (decision.processes !== undefined) tables.processes.putAll(decision.processes);
  for (const run of decision.runs ?? []) tables.runs.put(run);
  if (decision.stage !== undefined) tables.stages.enter(machine.id, decision.stage);
  for (const process of decision.processes ?? []) {
    if (process.state === "ended") tables.stages.end(process.id, process.endedAt ?? now);
  }
  if (typeof decision.archive === "string") tables.archives.put(machine.id, decision.archive);
  if (decision.archive === null) tables.archives.remove(machine.id);
  if (decision.stray !== undefined) tables.archives.putStray(machine.id, now, decision.stray);
  for (const entry of decision.history ?? []) tables.history.append(machine.id, entry, now);
  // Last, so that nothing that the same decision brought is left.
  if (decision.forgetSecrets === true) forgetSecrets(tables, machine.id);
}

/** The hashes of its agent's tokens stay: an agent that still runs must hear that its machine is gone, and end itself. */
function forgetSecrets(tables: Tables, machineId: string): void {
  tables.machines.updateOptions({ id: machineId, driverConfig: {}, engine: {} });
  tables.archives.remove(machineId);
  tables.archives.removeStrays(machineId);
  tables.log.removeAll(machineId);
}

/** An `undefined` means "not changed", as everywhere in TypeScript; SQLite would not take it. */
function definedFields<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export function unknownMachine(machineId: string): RelayError {
  return new RelayError("machine.unknown", {
    message: `There is no machine ${machineId}`,
    field: "id",
    got: machineId,
  });
}
