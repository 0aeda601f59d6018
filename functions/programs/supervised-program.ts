// The function's end of a supervisor: starts one, tells it what to run and until when, and hears what became of it.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { endGroup } from "./process-group.ts";
import { createOutputReader, type OutputReader } from "./program-output.ts";

const supervisorPath = fileURLToPath(new URL("./supervisor.ts", import.meta.url));

export interface SupervisedCommand {
  file: string;
  arguments: string[];
  environment: Record<string, string>;
  directory: string;
}

export interface ProgramEnd {
  exitCode: number | null;
  signal: string | null;
}

export interface SupervisedProgram {
  stdout: NodeJS.ReadableStream & { destroy(): void };
  stderr: NodeJS.ReadableStream & { destroy(): void };
  /** Why it could not be started, or null: now it runs. */
  started: Promise<string | null>;
  /** The program itself is over; others of its group may not be. Null: nobody heard how, or it never ran. */
  ended: Promise<ProgramEnd | null>;
  /** Nobody of its group is left, and the supervisor is gone. For ever pending while somebody cannot be killed. */
  groupEmpty: Promise<void>;
  /** @param at on the clock of `performance.now()` */
  setLeaseEnd(at: number): void;
  /** Kills the whole group. */
  end(): void;
}

/** What the supervisor tells over its own pipe. */
interface Report {
  group?: number;
  startError?: string;
  exitCode?: number | null;
  signal?: string | null;
}

/** Starts the program, unless the lease is over by then. @param leaseEndsAt null: it has none */
export function superviseProgram(command: SupervisedCommand, leaseEndsAt: number | null): SupervisedProgram {
  // Detached: a signal to our own group must not take away the guard and leave the guarded.
  // Its environment is empty, because something in ours or the program's (NODE_OPTIONS) could change it.
  const supervisor = execa(process.execPath, ["--no-warnings", supervisorPath], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    buffer: false,
    reject: false,
    detached: true,
    extendEnv: false,
    env: {},
  });
  const started = Promise.withResolvers<string | null>();
  const ended = Promise.withResolvers<ProgramEnd | null>();
  const exited = Promise.withResolvers<void>();
  let group: number | null = null;

  // Not the promise: it waits for the streams, too, and who left the group may hold those for ever.
  let hasSaidGoodbye = false;
  supervisor.nodeChildProcess.once("exit", (exitCode) => {
    hasSaidGoodbye = exitCode === 0;
    exited.resolve();
  });
  // The promise alone tells that there was no process to be had for it.
  void supervisor.then((result) => {
    if (supervisor.pid === undefined) started.resolve(result.code ?? "EAGAIN");
    exited.resolve();
  });
  // A broken pipe says that it died; so does its exit, which is heard above.
  supervisor.stdin.on("error", () => undefined);

  const reports = createOutputReader((line) => {
    const report = JSON.parse(line) as Report;
    if (report.startError !== undefined) started.resolve(report.startError);
    if (report.group !== undefined) {
      group = report.group;
      started.resolve(null);
    }
    if (report.exitCode !== undefined) ended.resolve({ exitCode: report.exitCode, signal: report.signal ?? null });
  });

  async function watchEnd(): Promise<void> {
    await Promise.all([exited.promise, readToEnd(supervisor.stdio[3] as NodeJS.ReadableStream, reports)]);
    // It leaves when the group is empty. If something took it away before that (an operator, the kernel's hunt for
    // memory), the group has lost its guard and ends with it.
    if (group !== null && !hasSaidGoodbye) await endGroup(group);
    started.resolve(null);
    ended.resolve(null);
  }

  function setLeaseEnd(at: number): void {
    supervisor.stdin.write(`lease ${toMonotonicNs(at)}\n`);
  }
  if (leaseEndsAt !== null) setLeaseEnd(leaseEndsAt);
  supervisor.stdin.write(`start ${JSON.stringify(command)}\n`);

  return {
    stdout: supervisor.stdout,
    stderr: supervisor.stderr,
    started: started.promise,
    ended: ended.promise,
    groupEmpty: watchEnd(),
    setLeaseEnd,
    end: () => void supervisor.stdin.write("end\n"),
  };
}

/** Resolves at the end of the stream, however it ends. */
export async function readToEnd(stream: NodeJS.ReadableStream, reader: OutputReader): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.on("data", (bytes: Uint8Array) => reader.write(bytes));
  stream.on("error", () => resolve());
  stream.on("close", () => resolve());
  stream.on("end", () => resolve());
  await promise;
  reader.end();
}

/** The supervisor counts on the same clock, the machine's, from another zero. */
function toMonotonicNs(at: number): bigint {
  return process.hrtime.bigint() + BigInt(Math.floor((at - performance.now()) * 1e6));
}
