// Whole records to begin a test with; each test says only what it is about.
import type { Handler, Machine, NewHistoryEntry, Process, Run, Step } from "../../../relay/store/types.ts";

export function aMachine(id: string, fields: Partial<Machine> = {}): Machine {
  return {
    id,
    name: `name-of-${id}`,
    machineName: `name-of-${id}-00000000`,
    driver: "simulated",
    driverConfig: {},
    engine: {},
    labels: {},
    state: "requested",
    progress: null,
    error: null,
    ipAddress: null,
    engineVersion: null,
    url: null,
    providerId: null,
    ssh: null,
    isSimulated: true,
    resolved: null,
    unsettledSince: null,
    agentGeneration: 1,
    host: null,
    hasArchive: false,
    createdAt: 1_000,
    updatedAt: 1_000,
    deletedAt: null,
    ...fields,
  };
}

export function aProcess(id: string, machineId: string, fields: Partial<Process> = {}): Process {
  return {
    id,
    resourceType: "machine",
    resourceId: machineId,
    name: "create",
    state: "running",
    outcome: null,
    waitingFor: null,
    steps: [aStep(`evt_of_${id}`, id)],
    attempt: 0,
    nextFireAt: null,
    failures: 0,
    error: null,
    cancelledAt: null,
    createdAt: 1_000,
    startedAt: 1_000,
    endedAt: null,
    ...fields,
  };
}

export function aStep(eventId: string, processId: string, fields: Partial<Step> = {}): Step {
  return {
    eventId,
    processId,
    position: 0,
    handler: "create",
    state: "active",
    attempt: 0,
    run: 0,
    startedAt: null,
    endedAt: null,
    ...fields,
  };
}

export function aRun(eventId: string, run: number, fields: Partial<Run> = {}): Run {
  return {
    eventId,
    run,
    url: "http://functions:8090/create",
    address: "127.0.0.1:8090",
    leaseMs: 60_000,
    deadlineAt: null,
    startedAt: 1_000,
    endedAt: null,
    isClean: null,
    endReason: null,
    ...fields,
  };
}

export function aHandler(name: string, fields: Partial<Handler> = {}): Handler {
  return {
    name,
    event: "machine.create",
    order: 100,
    url: `http://functions:8090/${name}`,
    keyHash: null,
    source: "environment",
    updatedAt: 1_000,
    ...fields,
  };
}

export function anEntry(message: string, fields: Partial<NewHistoryEntry> = {}): NewHistoryEntry {
  return { processId: null, eventId: null, kind: "state", message, attempt: null, run: null, ...fields };
}

/** A decision that changes nothing. */
export const nothing = { result: undefined };
/** The first page of a list, longer than any test's. */
export const firstPage = { limit: 1_000, cursor: null };
