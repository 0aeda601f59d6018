// The units of the store: reads answer from what is committed; writes join the transaction of their turn.
import { RelayError } from "../errors.ts";
import { readRuns, readSnapshot, unknownMachine, writeDecision } from "./decisions.ts";
import type { GroupCommit } from "./group-commit.ts";
import { asStoreError } from "./sqlite.ts";
import type { Tables } from "./tables.ts";
import type { Machine, Store } from "./types.ts";

interface Parts {
  tables: Tables;
  commit: GroupCommit;
  installationId: string;
  deriveKey(purpose: string): Buffer;
  clock(): number;
  writePing(): void;
  closeFiles(): void;
}

export function createUnits({ tables, commit, clock, ...parts }: Parts): Store {
  let closed: Promise<void> | undefined;

  function refuseWhenClosed(): void {
    if (closed !== undefined) throw new RelayError("relay.stopping", { message: "The store is closed" });
  }

  /** Commits are synchronous, so a read between two of them sees nothing that could still be undone. */
  async function read<T>(query: () => T): Promise<T> {
    refuseWhenClosed();
    try {
      return query();
    } catch (error) {
      throw asStoreError(error);
    }
  }

  async function write<T>(unit: () => T): Promise<T> {
    refuseWhenClosed();
    return commit.run(unit);
  }

  function getKnown(machineId: string): Machine {
    const machine = tables.machines.get(machineId);
    if (machine === null) throw unknownMachine(machineId);
    return machine;
  }

  return {
    installationId: parts.installationId,
    deriveKey: parts.deriveKey,

    createMachine: (machine, decision, idempotency) =>
      write(() => {
        const now = clock();
        const known = idempotency === null ? null : tables.idempotency.find(idempotency, now);
        if (known !== null) return { machine: getKnown(known), isNew: false };
        tables.machines.insert(machine);
        if (idempotency !== null) tables.idempotency.put(idempotency, machine.id, now);
        writeDecision(tables, machine, decision, now);
        return { machine: getKnown(machine.id), isNew: true };
      }),

    decide: (machineId, decide) =>
      write(() => {
        const snapshot = readSnapshot(tables, machineId, clock());
        // A copy: the callback may work on the snapshot's own machine without changing what is not a decision's to write.
        const machine = { ...snapshot.machine };
        const decision = decide(snapshot);
        writeDecision(tables, machine, decision, snapshot.now);
        return decision.result;
      }),

    getCurrent: (machineId) =>
      read(() => {
        const [process = null] = tables.processes.listOpenOf(machineId);
        return { process, runs: readRuns(tables, process) };
      }),
    getMachine: (id) => read(() => tables.machines.get(id)),
    listMachines: (filter, page) => read(() => tables.machines.list(filter, page)),
    countMachinesByState: () => read(tables.machines.countByState),
    getArchive: (machineId) => read(() => tables.archives.get(machineId)),
    listStrays: (machineId) => read(() => tables.archives.listStrays(machineId)),

    getProcess: (id) => read(() => tables.processes.get(id)),
    listProcesses: (filter, page) => read(() => tables.processes.list(filter, page)),
    listOpenProcesses: () => write(tables.processes.claimOpen),
    listCurrentProcesses: (machineIds) => read(() => tables.processes.listCurrentOf(machineIds)),
    countProcessesByState: () => read(tables.processes.countByState),
    findEvent: (eventId) => read(() => tables.processes.findEvent(eventId)),

    listHistory: (machineId, page) => read(() => tables.history.list(machineId, page)),
    listStages: (machineId) => read(() => tables.stages.listOf(machineId)),
    listDurations: (driver) => read(() => tables.durations.listOf(driver)),
    appendLog: (machineId, processId, lines) =>
      write(() => {
        // Lines that were still on their way when the machine was deleted must not bring its log back.
        if (lines.length === 0 || getKnown(machineId).state === "deleted") return [];
        return tables.log.append(machineId, processId, lines);
      }),
    listLog: (machineId, page) => read(() => tables.log.list(machineId, page)),

    listHandlers: () => read(tables.handlers.list),
    putHandler: (handler) => write(() => tables.handlers.put(handler)),
    deleteHandler: (name) => write(() => tables.handlers.remove(name)),

    saveAgentToken: (tokenHash, machineId, generation) =>
      write(() => {
        getKnown(machineId);
        tables.tokens.putAgent(tokenHash, machineId, generation);
      }),
    findAgentToken: (tokenHash) => read(() => tables.tokens.findAgent(tokenHash)),
    saveJoinToken: (token) => write(() => tables.tokens.putJoin(token, clock())),
    findJoinToken: (hash) => read(() => tables.tokens.findJoin(hash)),

    saveHost: (machineId, host, history) =>
      write(() => {
        const machine = getKnown(machineId);
        const now = clock();
        // A report every few seconds is no change that anybody waits for; a host that comes or goes is one.
        const isChange = machine.host?.state !== host.state;
        tables.machines.updateHost(machineId, host, isChange ? now : machine.updatedAt);
        if (history !== undefined) tables.history.append(machineId, history, now);
        return getKnown(machineId);
      }),
    listSilentHosts: (lastSeenBefore) => read(() => tables.machines.listSilent(lastSeenBefore)),

    ping: () => write(parts.writePing),
    close() {
      closed ??= Promise.resolve().then(() => {
        commit.flush();
        parts.closeFiles();
      });
      return closed;
    },
  };
}
