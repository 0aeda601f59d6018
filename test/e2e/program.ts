// One of our programs as a process of its own: started, killed, started again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { untilReady } from "./relay-client.ts";

const root = new URL("../..", import.meta.url).pathname;
const readyMsMax = 30_000;

/** Relay or functions, always at the same address. */
export class Program {
  readonly url: string;
  readonly #command: readonly string[];
  readonly #environment: Record<string, string>;
  readonly #logPath: string;
  #child: ChildProcess | null = null;

  constructor(script: string, options: { url: string; environment: Record<string, string>; logPath: string }) {
    this.#command = ["--require", "./.check-node.cjs", script];
    this.url = options.url;
    this.#environment = options.environment;
    this.#logPath = options.logPath;
  }

  /** Resolves when it is ready. `changed`: of its environment, this time. @throws Error with its last words */
  async start(changed: Record<string, string> = {}): Promise<void> {
    const log = openSync(this.#logPath, "a", 0o600);
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, this.#command, {
      cwd: root,
      env: { PATH, HOME, ...this.#environment, ...changed },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#child = child;
    await untilReady(this.url, readyMsMax, () => child.exitCode !== null).catch((cause) => {
      throw new Error(`${this.#command.at(-1)} did not start:\n${this.lastWords()}`, { cause });
    });
  }

  /** As the kernel kills: nothing can be tidied up. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** As an operator stops it. @throws Error when it does not end well */
  async stop(): Promise<void> {
    const code = await this.#end("SIGTERM");
    if (code !== 0 && code !== null) throw new Error(`${this.#command.at(-1)} ended with ${code}\n${this.lastWords()}`);
  }

  lastWords(): string {
    return readFileSync(this.#logPath, "utf8").split("\n").slice(-40).join("\n");
  }

  /** Its exit code; null when it was not running. */
  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const exited = once(child, "exit");
    child.kill(signal);
    const [code] = await exited;
    return code;
  }
}

/** All open at once, so that they differ; closed again, so that somebody could take one: seen never, and then it is told. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
