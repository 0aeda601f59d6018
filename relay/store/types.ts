// What the relay keeps, and the units in which it is changed. No SQL here, no logic: shapes and promises.
//
// resource   has a lifecycle; `machine` is the first
// process    one run of create, bootstrap or delete for one resource
// step       one handler's part of a process; its event has one id for every attempt at it
// attempt    one firing of a step's event; for display
// run        one start of the work of an event, at one address; kept while it is joined
// stage      what a run says that it is doing; it lasts until the run names another, or is over
// stray      an archive that came from somebody who was not (or no longer) entitled to answer
import type { DriverConfig, EngineOptions, Resolved, SshAccess } from "../../functions/contract.ts";

export type ProcessName = "create" | "bootstrap" | "delete";
export type MachineState =
  | "requested"
  | "creating"
  | "created"
  | "bootstrapping"
  | "active"
  | "error"
  | "deleting"
  | "deleted";

export interface MachineProgress {
  message: string;
  /** 0–100, or null while nobody can say. */
  percent: number | null;
  stage: string | null;
}

export interface Failure {
  /** Stable: `function.silent`, `driver.failed`, … */
  code: string;
  message: string;
}

/** All times in milliseconds since 1970. */
export interface Machine {
  id: string;
  name: string;
  machineName: string;
  driver: string;
  /** Whole, secrets included. Sealed on disk. */
  driverConfig: DriverConfig;
  /** Sealed on disk too: its environment may hold secrets. */
  engine: EngineOptions;
  labels: Record<string, string>;
  state: MachineState;
  progress: MachineProgress | null;
  error: Failure | null;
  ipAddress: string | null;
  engineVersion: string | null;
  url: string | null;
  providerId: string | null;
  /** Null: its driver has none, or did not say. */
  ssh: SshAccess | null;
  isSimulated: boolean;
  resolved: Resolved | null;
  /** When a run last ended unclean, so that a cloud call of it may still be in flight; null: none did. */
  unsettledSince: number | null;
  /** Bumped when the agent's tokens must change. */
  agentGeneration: number;
  /** What its agent said; null until one has registered. Written by `saveHost` alone, never by a decision. */
  host: Host | null;
  hasArchive: boolean;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export interface Host {
  state: "connected" | "reconnecting" | "left";
  registeredAt: number;
  lastSeenAt: number;
  engineVersion: string | null;
  containers: HostContainer[];
}
export interface HostContainer {
  id: string;
  name: string;
  image: string;
  state: string;
}

export interface Step {
  eventId: string;
  processId: string;
  position: number;
  handler: string;
  state: "pending" | "active" | "done" | "skipped";
  attempt: number;
  /** The number of its current run; 0 before the first. */
  run: number;
  startedAt: number | null;
  endedAt: number | null;
}

export interface Process {
  id: string;
  resourceType: "machine";
  resourceId: string;
  name: ProcessName;
  /**
   * queued: waits for the one before it · running: its step's event is fired until answered · waiting: for a person or a
   * handler, `waitingFor` says which · cancelling: its run must be known to be over first · ended: `outcome` says how.
   */
  state: "queued" | "running" | "waiting" | "cancelling" | "ended";
  outcome: "done" | "error" | "cancelled" | "forgotten" | null;
  waitingFor: string | null;
  steps: Step[];
  attempt: number;
  /** When its event will be fired next; null while somebody works on it, and where that is not up to the clock. */
  nextFireAt: number | null;
  /** Firings in a row that nobody answered; the waits grow with it. */
  failures: number;
  /** The reason of the last unanswered attempt, or of its end. */
  error: Failure | null;
  /** Since when its cancel is under way. */
  cancelledAt: number | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
}

/** Where a run was started. On disk before the first byte is sent there. */
export interface Run {
  eventId: string;
  run: number;
  /** The handler's URL as it was configured. */
  url: string;
  /** The one address that was chosen for it, `host:port`. This run is spoken to only there. */
  address: string;
  /** The lease that it was promised, whatever is configured now. Null: the handler keeps none. */
  leaseMs: number | null;
  deadlineAt: number | null;
  startedAt: number;
  endedAt: number | null;
  /** Null while it may still live. */
  isClean: boolean | null;
  endReason: string | null;
}

export interface Stage {
  processId: string;
  process: ProcessName;
  stage: string;
  startedAt: number;
  /** Null while it lasts. */
  endedAt: number | null;
}

export interface StageDuration {
  stage: string;
  /** From the start of its process. */
  afterMs: number;
  totalMs: number;
}

/** How long one process that went well took, and how much of that its stages. */
export interface Duration {
  process: ProcessName;
  totalMs: number;
  /** What a process was in more than once stands here once, its times added up. */
  stages: StageDuration[];
}

export interface Handler {
  name: string;
  /** `machine.create`, `machine.bootstrap` or `machine.delete`. */
  event: string;
  order: number;
  /** Null: a subscriber that listens for `<event>;handler=<name>` on the bus. */
  url: string | null;
  /** SHA-256 of the key with which that subscriber listens and answers; null: none was set. */
  keyHash: string | null;
  /** A row of the environment is refreshed at each start until somebody changes it by API. */
  source: "environment" | "api";
  updatedAt: number;
}

export interface HistoryEntry {
  /** Grows by one for each entry of the machine; a gap is where the middle was dropped. */
  id: number;
  machineId: string;
  processId: string | null;
  eventId: string | null;
  at: number;
  /** `state`, `fired`, `reply`, `unanswered`, `run`, `checkpoint`, `retry`, `cancel`, `resolve`, `patch`, `agent`, … */
  kind: string;
  message: string;
  attempt: number | null;
  run: number | null;
}
export type NewHistoryEntry = Omit<HistoryEntry, "id" | "machineId" | "at"> & { at?: number };

export interface LogLineRecord {
  /** Grows by one for each line of the machine; a gap is where the middle was dropped. */
  number: number;
  processId: string;
  at: number;
  stream: "stdout" | "stderr" | "note";
  line: string;
}
export type NewLogLine = Omit<LogLineRecord, "number" | "processId">;
/** As it was appended. */
export type NumberedLogLine = Omit<LogLineRecord, "processId">;

/** What a decision sees. Read in the transaction in which its outcome is written. */
export interface Snapshot {
  now: number;
  machine: Machine;
  /** Those that have not ended, oldest first; the first is the current one. */
  open: Process[];
  /** The one that ended last. */
  last: Process | null;
  /** The runs of the current process's active step, oldest first. */
  runs: Run[];
  handlers: Handler[];
}

/** What a decision changes. All of it is on disk when the promise of `decide` resolves, or none. */
export interface Decision<T> {
  result: T;
  /** Changed fields. `updatedAt` and `host` are not a decision's to write. */
  machine?: Partial<Omit<Machine, "id" | "host" | "hasArchive" | "updatedAt">>;
  /** The whole process each, new or changed, steps included. */
  processes?: Process[];
  runs?: Run[];
  /**
   * What a process does from then on; null: nothing that has a name. Nothing changes where it does that already. The
   * open stage of a process that ends need not be named: it ends with it.
   */
  stage?: { processId: string; stage: string | null; at: number };
  /** Replaces the machine's archive; null removes it. */
  archive?: string | null;
  /** Kept aside, for a person and the census to look at. */
  stray?: { archive: string; eventId: string | null; reason: string };
  history?: NewHistoryEntry[];
  /** The machine's log and strays go too (a deleted machine keeps its history). */
  forgetSecrets?: boolean;
}

export interface MachineFilter {
  states?: MachineState[];
  drivers?: string[];
  /** All of these must be set to these values. */
  labels?: Record<string, string>;
  /** Part of the name, whatever its case. */
  name?: string;
  includeDeleted?: boolean;
}
export interface Page<T> {
  data: T[];
  /** Give it back as `cursor` for the next page; null: this was the last. */
  next: string | null;
}

/** A unit resolves after its commit, or rejects and has changed nothing. */
export interface Store {
  /** Of this installation, made at the first start: part of every mark at a provider. */
  readonly installationId: string;
  /** Derives a key for one purpose from the sealing key. */
  deriveKey(purpose: string): Buffer;

  /**
   * Writes a new machine and what was decided for it.
   * @throws RelayError `machine.nameTaken`, `idempotency.conflict`
   * With an idempotency key that was used for the same request, answers the machine that was made then.
   */
  createMachine(
    machine: Machine,
    decision: Decision<void>,
    idempotency: { key: string; requestHash: string } | null,
  ): Promise<{ machine: Machine; isNew: boolean }>;

  /**
   * Reads a machine with its processes, lets a pure, synchronous function decide, and writes what it decided, in one
   * transaction. What `decide` throws rejects the promise and changes nothing.
   * @throws RelayError `machine.unknown`
   */
  decide<T>(machineId: string, decide: (snapshot: Snapshot) => Decision<T>): Promise<T>;
  /**
   * The process that a decision would find to be the current one, and the runs of its active step, oldest first. From
   * what is committed: nothing is waited for, and whoever acts on it has that decided again.
   */
  getCurrent(machineId: string): Promise<{ process: Process | null; runs: Run[] }>;

  getMachine(id: string): Promise<Machine | null>;
  /**
   * Newest first. Deleted ones only by `includeDeleted` or when `states` names them.
   * @throws RelayError `request.invalid` (field `cursor`) for a cursor that this list did not give out; so do all lists
   */
  listMachines(filter: MachineFilter, page: { limit: number; cursor: string | null }): Promise<Page<Machine>>;
  countMachinesByState(): Promise<Record<string, number>>;
  getArchive(machineId: string): Promise<string | null>;
  /** Oldest first. The same archive is kept once, the newest few in all. */
  listStrays(machineId: string): Promise<{ at: number; reason: string; archive: string }[]>;

  getProcess(id: string): Promise<Process | null>;
  /** Newest first. */
  listProcesses(
    filter: { machineId?: string; isOpen?: boolean },
    page: { limit: number; cursor: string | null },
  ): Promise<Page<Process>>;
  /** Those that a restart must take up again: running, waiting or cancelling. Takes over every claim. */
  listOpenProcesses(): Promise<{ id: string; machineId: string; state: Process["state"] }[]>;
  /** The oldest open process of each of these machines that has one: a page of machines is shown with one query. */
  listCurrentProcesses(machineIds: readonly string[]): Promise<Process[]>;
  countProcessesByState(): Promise<Record<string, number>>;
  /** Whose step has this event? Null when nobody's. */
  findEvent(eventId: string): Promise<{ machineId: string; processId: string } | null>;

  /** Oldest first. Without a cursor it begins behind the entry `after`. */
  listHistory(
    machineId: string,
    page: { limit: number; cursor: string | null; after?: number },
  ): Promise<Page<HistoryEntry>>;
  /** Oldest first. A machine keeps its newest few, also when it is deleted. */
  listStages(machineId: string): Promise<Stage[]>;
  /** Of the newest processes of each kind with this driver that went well. Kind by kind, newest first. */
  listDurations(driver: string): Promise<Duration[]>;
  /**
   * Keeps the start and the end of each process's log, within the store's limit. Answers the lines with their numbers;
   * those of a deleted machine are dropped, and none is answered.
   */
  appendLog(machineId: string, processId: string, lines: readonly NewLogLine[]): Promise<NumberedLogLine[]>;
  /** Oldest first; `next` is the `after` of the next page. */
  listLog(
    machineId: string,
    page: { limit: number; after: number; processId?: string },
  ): Promise<{ data: LogLineRecord[]; next: number | null }>;

  /** By event, then in the order in which they reply. */
  listHandlers(): Promise<Handler[]>;
  putHandler(handler: Handler): Promise<void>;
  deleteHandler(name: string): Promise<boolean>;

  /** Remembers whose token this is by its hash. */
  saveAgentToken(tokenHash: string, machineId: string, generation: number): Promise<void>;
  findAgentToken(tokenHash: string): Promise<{ machineId: string; generation: number } | null>;
  saveJoinToken(token: {
    hash: string;
    createdAt: number;
    expiresAt: number;
    labels: Record<string, string>;
  }): Promise<void>;
  findJoinToken(hash: string): Promise<{ createdAt: number; expiresAt: number; labels: Record<string, string> } | null>;
  /** The latest report, whole; with a history entry when it is worth one. */
  saveHost(machineId: string, host: Host, history?: NewHistoryEntry): Promise<Machine>;
  /** Machines whose host is `connected` and was last seen before then. */
  listSilentHosts(lastSeenBefore: number): Promise<Machine[]>;

  /** Is the disk there and writable? */
  ping(): Promise<void>;
  /** Commits what is queued and gives the directory back. Every later call rejects with `relay.stopping`. */
  close(): Promise<void>;
}
