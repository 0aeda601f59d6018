// A small process of its own that runs one program and outlives whoever started it just long enough to end it: when the
// pipe from the function closes, when the lease is over, or when it is told to, it kills the program's whole group.
//
// stdin, a line each: `start {file, arguments, environment, directory}` · `lease <monotonic nanoseconds>` · `end`
// fd 3, a line each:  {"group"} · {"startError"} · {"exitCode", "signal"}; its own end says that the group is empty
// The program's output goes straight through: stdout and stderr are inherited.
//
// No TERM first: after the end of its lease a run makes no cloud call, and a docker-machine that tidies up makes some.
import { type ChildProcess, spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { endGroup, waitForEmptyGroup } from "./process-group.ts";

/** What the program has started may finish its last words this long after the program itself is gone. */
const leftoverGraceMs = 500;
const reportDescriptor = 3;

let group: number | null = null;
let hasStarted = false;
let isEnding = false;
const { promise: programEnd, resolve: resolveProgramEnd } = Promise.withResolvers<void>();
let leaseEndsAtNs: bigint | null = null;
let leaseTimer: NodeJS.Timeout | undefined;

interface Start {
  file: string;
  arguments: string[];
  environment: Record<string, string>;
  directory: string;
}

// Only the pipe, the lease and the word decide: a Ctrl-C in the terminal is the function's to handle.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
lines.on("line", (line) => {
  const space = line.indexOf(" ");
  const word = space === -1 ? line : line.slice(0, space);
  const rest = line.slice(space + 1);
  if (word === "start") start(JSON.parse(rest) as Start);
  else if (word === "lease") setLease(BigInt(rest));
  else if (word === "end") end();
});
lines.on("close", end);
process.stdin.on("error", end);

function start(command: Start): void {
  // A lease that ended on the way here, or a function that is gone already: nothing begins.
  if (hasStarted || isEnding || isLeaseOver()) {
    end();
    return;
  }
  hasStarted = true;
  let child: ChildProcess;
  try {
    child = spawn(command.file, command.arguments, {
      cwd: command.directory,
      env: command.environment,
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
  } catch (error) {
    // A list of arguments that is too long for the kernel, a NUL in one of them.
    failToStart(error as NodeJS.ErrnoException);
    return;
  }
  if (child.pid !== undefined) {
    group = child.pid;
    report({ group });
  }
  child.once("error", (error: NodeJS.ErrnoException) => {
    if (group === null) failToStart(error);
  });
  child.once("exit", (exitCode, signal) => {
    report({ exitCode, signal });
    resolveProgramEnd();
    if (group !== null && !isEnding) void endLeftovers(group);
  });
}

function failToStart(error: NodeJS.ErrnoException): void {
  report({ startError: error.code ?? error.message });
  process.exit();
}

/** Plugin servers, an ssh: they may end by themselves, but nobody outlives the answer. */
async function endLeftovers(group: number): Promise<void> {
  await waitForEmptyGroup(group, leftoverGraceMs);
  end();
}

function end(): void {
  if (isEnding) return;
  isEnding = true;
  clearTimeout(leaseTimer);
  if (group === null) process.exit();
  // Seen empty a moment before the end of the program itself is heard: its exit code must not get lost.
  void Promise.all([endGroup(group), programEnd]).then(() => process.exit());
}

function isLeaseOver(): boolean {
  return leaseEndsAtNs !== null && process.hrtime.bigint() >= leaseEndsAtNs;
}

function setLease(endsAtNs: bigint): void {
  // An end that has come is not put off any more, even when nobody has looked at the clock since.
  if (!isLeaseOver()) leaseEndsAtNs = endsAtNs;
  watchLease();
}

function watchLease(): void {
  clearTimeout(leaseTimer);
  if (isLeaseOver()) {
    end();
    return;
  }
  const leftMs = Number((leaseEndsAtNs! - process.hrtime.bigint()) / 1_000_000n);
  leaseTimer = setTimeout(watchLease, Math.min(leftMs, 2 ** 31 - 1));
}

function report(fact: Record<string, unknown>): void {
  try {
    writeSync(reportDescriptor, `${JSON.stringify(fact)}\n`);
  } catch {
    // The function is gone; its pipe is closed, so the end is near anyway.
  }
}
