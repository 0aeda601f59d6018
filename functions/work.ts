// What a function's work is given, and what it gives back. serve.ts and invocations.ts give; create, bootstrap and
// delete take. The work knows nothing of HTTP, runs or leases: when it must stop, `signal` aborts.
import type { Event, LogLine, ReplyMachine } from "./contract.ts";

export interface ProgramResult {
  exitCode: number | null;
  /** By which signal it died, if it did. */
  signal: string | null;
  /** Both streams, collected to the end; where they were larger than the limit, start and end with a note between. */
  stdout: string;
  stderr: string;
  /** Why we ended it; null when it ended by itself. The first cause wins. */
  endedBy: "timeout" | "stop" | null;
  /** Null: it ran. Else why it could not be started (`ENOENT`, `EACCES`, …). */
  startError: string | null;
}

export interface ProgramOptions {
  environment?: Record<string, string>;
  /** Ends it after this time, the whole group, and waits until the group is empty. */
  timeoutMs?: number;
  /** Each line as it comes, decoded and cut to length. Masked by the caller of `log`, not here. */
  onLine?: (stream: "stdout" | "stderr", line: string) => void;
}

/** What one run of an event's work can use. */
export interface WorkContext {
  event: Event;
  /** A private temporary directory (0700), removed when the invocation is over. */
  directory: string;
  /** Aborts when the run must end at once (lease over, cancelled, connection lost, shutting down): no cloud call after it. */
  signal: AbortSignal;
  /** When the work must be done, on the clock of `performance.now()`. Time to clean up comes on top. */
  deadlineAt: number;
  /** Runs a program under the supervisor, in a process group of its own. Never throws for what the program does. */
  run(command: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
  /** Masked, then streamed. */
  progress(message: string, percent: number | null, stage: string | null): void;
  log(stream: LogLine["stream"], line: string): void;
  /** Sends the machine's archive to the relay, which acknowledges it once it is on disk. Never waits. */
  checkpoint(archive: string): void;
  /** From now on these values are masked in every line, message and reply. The event's own secrets are already. */
  addSecrets(values: readonly string[]): void;
  /** Masks known secret values. */
  mask(text: string): string;
}

export type WorkResult =
  | { transitioning: "no"; message: string; machine: ReplyMachine }
  /** `machine.archive`: what is left, or null when nothing is. */
  | { transitioning: "error"; code: string; message: string; machine: ReplyMachine };

export interface WorkFunction {
  /**
   * Looks at an event before its work begins: no cloud call, nothing written.
   * @throws FunctionProblem with status 422
   */
  check(event: Event): Promise<void>;
  /** Throws only when `signal` aborted, or for a defect of ours. */
  work(context: WorkContext): Promise<WorkResult>;
}

export type FunctionName = "create" | "bootstrap" | "delete";
