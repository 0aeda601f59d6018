// Runs one program to its end under a supervisor, in a process group of its own: what it printed, how it ended, and why.
import type { LeaseEnd } from "../invocations/lease.ts";
import type { ProgramOptions, ProgramResult } from "../work.ts";
import { createOutputReader } from "./program-output.ts";
import { readToEnd, superviseProgram } from "./supervised-program.ts";

const second = 1000;
/** Later a killed group counts as not empty: somebody in it cannot be killed. */
export const groupEmptyWithinMs = 10 * second;
/** Who has left the group may still hold the streams; nobody waits for those any longer than this. */
export const outputEndWithinMs = 2 * second;

export interface ProgramSurroundings {
  directory: string;
  /** What it inherits; the `environment` of the options comes on top. */
  environment: Readonly<Record<string, string>>;
  /** When it aborts, the whole group is killed. */
  signal: AbortSignal;
  /** Null: it has none. */
  lease: LeaseEnd | null;
  /** Is given a promise that resolves when nobody of the group is left. */
  onStart?: (groupEmpty: Promise<void>) => void;
}

/** Never throws for what the program does. Resolves when its group is empty, or cannot be emptied. */
export async function runProgram(
  command: readonly string[],
  { environment, timeoutMs, onLine }: ProgramOptions,
  surroundings: ProgramSurroundings,
): Promise<ProgramResult> {
  const { directory, signal, lease } = surroundings;
  const [file, ...programArguments] = command;
  if (file === undefined) throw new TypeError("A command needs at least the name of a program");
  if (signal.aborted || isOver(lease)) return neverRan("stop");

  let endedBy: ProgramResult["endedBy"] = null;
  const program = superviseProgram(
    { file, arguments: programArguments, environment: { ...surroundings.environment, ...environment }, directory },
    lease?.endsAt ?? null,
  );
  surroundings.onStart?.(program.groupEmpty);
  const stdout = createOutputReader((line) => onLine?.("stdout", line));
  const stderr = createOutputReader((line) => onLine?.("stderr", line));
  const outputEnd = Promise.all([readToEnd(program.stdout, stdout), readToEnd(program.stderr, stderr)]);

  const killed = Promise.withResolvers<void>();
  function end(cause: "timeout" | "stop"): void {
    endedBy ??= cause;
    program.end();
    killed.resolve();
  }
  const onAbort = () => end("stop");
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end("timeout"), timeoutMs);
  const stopHearing = lease?.onRenewed(() => program.setLeaseEnd(lease.endsAt));

  const startError = await program.started;
  // From the program's own end, or from the word to kill it, an empty group is a matter of moments.
  await Promise.race([program.groupEmpty, program.ended, killed.promise]);
  await within(program.groupEmpty, groupEmptyWithinMs);
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  stopHearing?.();

  await within(outputEnd, outputEndWithinMs);
  program.stdout.destroy();
  program.stderr.destroy();
  await outputEnd;
  if (isOver(lease)) endedBy ??= "stop";
  const programEnd = await within(program.ended, 0);
  return {
    exitCode: programEnd?.exitCode ?? null,
    // Its supervisor was taken away, and it was killed for that.
    signal: programEnd === null && startError === null ? "SIGKILL" : (programEnd?.signal ?? null),
    stdout: stdout.text(),
    stderr: stderr.text(),
    endedBy,
    startError,
  };
}

function neverRan(endedBy: "stop"): ProgramResult {
  return { exitCode: null, signal: null, stdout: "", stderr: "", endedBy, startError: null };
}

function isOver(lease: LeaseEnd | null): boolean {
  return lease !== null && performance.now() >= lease.endsAt;
}

/** What the promise gives, or null when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
