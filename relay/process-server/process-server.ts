// What the process server offers to the API. Assembled in create-process-server.ts: engine.ts has the effects; steps.ts,
// runs.ts, replies.ts and requests.ts decide and are pure.
import type { DriverConfig, DriverConfigChange, EngineOptions, Resolved } from "../../functions/contract.ts";
import type { Answers } from "../event-bus/answers.ts";
import type { Handler, Host, Machine, NewHistoryEntry, Process } from "../store/types.ts";

export interface NewMachine {
  name: string;
  driver: string;
  driverConfig: DriverConfig;
  engine: EngineOptions;
  labels: Record<string, string>;
  isSimulated: boolean;
}

export interface MachineChange {
  /** Replaced as a whole. */
  labels?: Record<string, string>;
  /** Laid over the options that it has; null removes one. */
  driverConfig?: DriverConfigChange;
}

export interface ProcessServer {
  readonly answers: Answers;

  /** Takes up every open process at once. Call it when the subscribers of this process are in place. */
  start(): Promise<void>;
  /** No firing after this resolves; what was heard is on disk. */
  stop(): Promise<void>;

  /** State `creating` in the answer; the first event is fired after the commit. @throws `machine.nameTaken` */
  createMachine(
    machine: NewMachine,
    idempotency: { key: string; requestHash: string } | null,
  ): Promise<{ machine: Machine; isNew: boolean }>;
  /**
   * A host that nobody created here: driver `joined`, active at once. With an idempotency key that was used before, the
   * machine that was made then (perhaps deleted since).
   */
  joinMachine(
    machine: { name: string; labels: Record<string, string> },
    idempotency?: { key: string; requestHash: string } | null,
  ): Promise<Machine>;

  /**
   * From every state. During create or bootstrap the run is cancelled first. `force` forgets the machine now.
   * @throws `machine.unknown`, `machine.gone`; deleting twice is no error
   */
  deleteMachine(id: string, options: { force: boolean }): Promise<Machine>;
  /** From `error`: a new process of the kind that failed. @throws `machine.wrongState` */
  retryMachine(id: string): Promise<Machine>;
  /** Name and labels at any time, driver options in `error` and `deleting` only. @throws `machine.wrongState`, `machine.placeChange` */
  patchMachine(id: string, change: MachineChange): Promise<Machine>;
  /** @throws `process.notWaiting` */
  resolveMachine(id: string, resolved: Resolved): Promise<Machine>;
  /** Try now: fires the current event without waiting for its time. @throws `process.unknown`, `process.notWaiting` */
  fireProcess(id: string): Promise<Process>;

  /** Takes effect at the next firing; processes that waited for it go on at once. */
  putHandler(handler: Handler): Promise<Handler>;
  /** @throws `handler.unknown`, `handler.required` */
  deleteHandler(name: string): Promise<void>;

  /** What an agent reported; publishes the change. */
  saveHost(machineId: string, host: Host, history?: NewHistoryEntry): Promise<Machine>;
}
