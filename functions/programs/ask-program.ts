// Asks a local program a short question (`--version`, `--help`): bounded in time and output, its whole group ended with it.
// For questions only. Work on a machine runs under the supervisor, through WorkContext.run.
import { spawn } from "node:child_process";

const answerMsMax = 20_000;
const answerBytesMax = 1024 * 1024;
/** After the end of the program, for what it has left in the pipes. */
const lastWordsMs = 50;

export interface ProgramAnswer {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Null: it ran and ended by itself. Else why there is no answer. */
  failure: string | null;
}

/** @throws only where the system cannot start any program */
export async function askProgram(
  command: readonly string[],
  { environment, timeoutMs = answerMsMax }: { environment: Readonly<Record<string, string>>; timeoutMs?: number },
): Promise<ProgramAnswer> {
  const [file, ...given] = command as [string, ...string[]];
  const { promise, resolve } = Promise.withResolvers<ProgramAnswer>();
  // A group of its own: docker-machine's plugin servers outlive it, and would hold the pipes open.
  const child = spawn(file, given, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let bytes = 0;
  let failure: string | null = null;

  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nobody is left in it.
    }
  };
  const timer = setTimeout(() => {
    failure ??= `it did not answer within ${timeoutMs} ms`;
    endGroup();
  }, timeoutMs);
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= answerBytesMax) return chunks[name].push(chunk);
      failure ??= `it printed more than ${answerBytesMax} bytes`;
      endGroup();
    });
  }
  // The answer is complete when the first process has ended; whoever it left behind may keep the pipes open, and who has
  // left the group as well is not even ended with it.
  child.on("exit", () => {
    setTimeout(() => {
      endGroup();
      child.stdout.destroy();
      child.stderr.destroy();
    }, lastWordsMs);
  });
  child.on("error", (error: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    resolve({ exitCode: null, stdout: "", stderr: "", failure: describeStartError(error) });
  });
  child.on("close", (exitCode) => {
    clearTimeout(timer);
    const text = (name: "stdout" | "stderr") => Buffer.concat(chunks[name]).toString("utf8");
    resolve({ exitCode, stdout: text("stdout"), stderr: text("stderr"), failure });
  });
  return promise;
}

function describeStartError(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "it does not exist, or its interpreter does not";
  if (error.code === "EACCES") return "it is not executable";
  return error.message;
}
