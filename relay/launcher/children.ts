// The two programs as children: each in a process group of its own, so that Ctrl-C reaches this one alone and both are
// ended in order. One stops, both stop.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Environment } from "../config-values.ts";
import { formatLine } from "./log-lines.ts";

/** npm passes on the Ctrl-C that the terminal has sent to us as well: within this time both are one. */
const sameSignalMs = 1_000;
/** More than both take to end by themselves, one after the other. */
const stopMsMax = 70_000;

export interface ChildrenOptions {
  /** Restart each when one of its files changes. */
  isWatching: boolean;
  write: (line: string) => void;
}

export class Children {
  /** Resolves with the exit code when all are gone. */
  readonly ended: Promise<number>;
  readonly #options: ChildrenOptions;
  readonly #running = new Map<string, ChildProcess>();
  readonly #stopping = new AbortController();
  readonly #end: (exitCode: number) => void;
  #exitCode = 0;
  #forcing: NodeJS.Timeout | undefined;
  #toldAt = 0;

  constructor(options: ChildrenOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.ended = promise;
    this.#end = resolve;
  }

  /** Aborted from the moment that they are told to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  start(name: string, file: string, environment: Environment): void {
    if (this.stopping.aborted) return;
    const options = this.#options.isWatching ? ["--watch", "--watch-preserve-output"] : [];
    const child = spawn(process.execPath, [...process.execArgv, ...options, file], {
      env: environment,
      detached: true,
      // The channel tells a child that this program is gone, however it went.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#running.set(name, child);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#write(name, line));
    }
    child.once("error", (error) => this.#write(name, `cannot be started: ${error.message}`));
    child.once("close", (code, signal) => this.#onClose(name, code, signal));
  }

  /**
   * Ends them all, each when the one started before it is gone: the functions' last words reach the relay, which then
   * knows that their runs are over. Told a second time, at once.
   */
  stop(): void {
    if (this.stopping.aborted) {
      if (performance.now() - this.#toldAt > sameSignalMs) this.#kill();
      return;
    }
    this.#toldAt = performance.now();
    this.#stopping.abort();
    this.#forcing = setTimeout(() => this.#kill(), stopMsMax);
    this.#stopNext();
  }

  #stopNext(): void {
    const [next] = this.#running.values();
    if (next) next.kill("SIGTERM");
    else this.#finish();
  }

  #onClose(name: string, code: number | null, signal: string | null): void {
    this.#running.delete(name);
    // Told to stop before it had begun to listen for that: it did.
    if (code !== 0 && signal !== "SIGTERM") this.#exitCode = 1;
    if (this.stopping.aborted) return this.#stopNext();
    this.#exitCode = 1;
    this.#options.write(`${name} stopped (${signal ?? `exit code ${code}`}), so everything stops.`);
    this.stop();
  }

  #kill(): void {
    for (const { pid } of this.#running.values()) if (pid !== undefined) process.kill(-pid, "SIGKILL");
  }

  #finish(): void {
    clearTimeout(this.#forcing);
    this.#end(this.#exitCode);
  }

  #write(name: string, line: string): void {
    this.#options.write(formatLine(name, line));
  }
}
