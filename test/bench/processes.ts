// Starts the programs that are measured, and reads what they used from the operating system.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const checkNode = ["--require", `${root}/.check-node.cjs`];

export interface Program extends AsyncDisposable {
  child: ChildProcess;
}

export function startProgram(path: string, args: string[] = [], environment: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, [...checkNode, `${root}/${path}`, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  return {
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    },
  };
}

/** The first line that it prints. */
export async function firstLine({ child }: Program): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`ended with ${code} before it said anything`))),
  ]);
  // What follows must not fill the pipe.
  child.stdout?.resume();
  return line as string;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** User and system time so far, in seconds, and the largest resident size, in MB. Linux only. */
export async function usage({ child }: Program): Promise<{ cpuSeconds: number; peakMegabytes: number }> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${child.pid}/stat`, "utf8"),
    readFile(`/proc/${child.pid}/status`, "utf8"),
  ]);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticksPerSecond = 100;
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  return { cpuSeconds, peakMegabytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024 };
}
