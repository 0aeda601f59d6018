// What a subscriber that answers events may say to the process server. The forwarder calls it directly; whoever listens
// over HTTP says the same through `POST /v1/publish`.
import type { LogLine, Progress, Reply } from "../../functions/contract.ts";
import type { Run } from "../store/types.ts";

/** Which event, of which resource. */
export interface EventRef {
  eventId: string;
  machineId: string;
}

export interface RunEnd {
  /** Nothing of it lives: it said so itself, or it never did anything. */
  isClean: boolean;
  /** May it have called the cloud? What was killed may have left a call in flight, however clean its end was. */
  hasBegun: boolean;
  reason: string;
  /** The newest checkpoint, if there was one that is not recorded yet. */
  archive?: string;
}

export interface Answers {
  /** May this event still be answered, is its process being cancelled, and what is known of its runs (oldest first)? */
  look(event: EventRef): Promise<{ isCurrent: boolean; isCancelling: boolean; runs: Run[] }>;

  /**
   * Puts the next run of the event on disk, with the one address at which it will be started.
   * @throws RelayError `event.over` when the event is no longer to be worked on (answered, cancelled)
   */
  beginRun(
    event: EventRef,
    place: { url: string; address: string; leaseMs: number | null; deadlineAt: number | null },
  ): Promise<Run>;

  /**
   * The run is known to be over without a reply. If the process is being cancelled, this ends it.
   */
  endRun(event: EventRef, run: number, end: RunEnd): Promise<void>;

  /** The event is cancelled and no run of it lives or will begin. */
  confirmCancel(event: EventRef): Promise<void>;

  /** A sign of life: a beat, or waiting for one's turn. Never touches the disk. */
  keepAlive(eventId: string): void;

  /** Shown on the machine, and a sign of life. Written a few times a second at most, the last one always. */
  recordProgress(event: EventRef, run: number, progress: Progress): void;

  /** Kept in the machine's log, within its limits; written in batches. */
  recordLog(event: EventRef, run: number, line: LogLine): void;

  /** Resolves when the checkpoint is on disk and may be acknowledged. @throws RelayError `event.otherRun` */
  recordCheckpoint(event: EventRef, run: number, archive: string): Promise<void>;

  /**
   * A reply. Final ones resolve when they are on disk. `run` absent means the current one.
   * @throws RelayError `event.unknown`, `event.over`, `event.otherRun`, `reply.unknownField`, `archive.invalid`
   */
  reply(reply: Reply): Promise<void>;

  /**
   * This attempt got no answer. The event is fired again: after `retryAfterMs` if given, else after a growing wait.
   * `isCounted` false: the other side said when to come back, so the waits do not grow.
   */
  recordUnanswered(
    event: EventRef,
    why: { code: string; message: string; retryAfterMs?: number; isCounted: boolean },
  ): Promise<void>;
}
