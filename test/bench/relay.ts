// A real relay in a process of its own, with everything that it has switched on, and what is asked of it over HTTP.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import { freePort, type Program, startProgram } from "./processes.ts";

const dispatcher = new Agent({ connections: 50, bodyTimeout: 0, headersTimeout: 60_000 });

export class Relay implements AsyncDisposable {
  readonly url: string;
  readonly program: Program;
  readonly #directory: string;

  private constructor(url: string, program: Program, directory: string) {
    this.url = url;
    this.program = program;
    this.#directory = directory;
  }

  static async start(functionUrl: string, environment: NodeJS.ProcessEnv = {}): Promise<Relay> {
    const directory = await mkdtemp(join(tmpdir(), "machine-relay-bench-"));
    const port = await freePort();
    const program = startProgram("relay/main.ts", [], {
      PORT: String(port),
      DATA_DIR: directory,
      FUNCTIONS_URL: functionUrl,
      LOG_LEVEL: "error",
      ...environment,
    });
    program.child.stdout?.resume();
    const relay = new Relay(`http://127.0.0.1:${port}`, program, directory);
    while (!(await relay.isReady()))
      if (program.child.exitCode !== null) throw new Error("the relay ended at its start");
    return relay;
  }

  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${this.url}/readyz`, { dispatcher });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  async call<T = unknown>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, content?: unknown): Promise<T> {
    const { statusCode, body } = await request(this.url + path, {
      method,
      dispatcher,
      ...(content === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(content) }),
    });
    const answer = await body.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${answer}`);
    return (answer ? JSON.parse(answer) : null) as T;
  }

  createMachine(name: string): Promise<{ id: string }> {
    return this.call("POST", "/v1/machines", { name, driver: "simulated" });
  }

  /** Hears every machine that reaches a state, once each. */
  async watch(
    state: string,
  ): Promise<{ until(count: number): Promise<void>; has(id: string): Promise<void>; stop(): void }> {
    const { body } = await request(`${this.url}/v1/subscribe`, {
      method: "POST",
      dispatcher,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ eventNames: ["resource.change"] }),
    });
    const reached = new Set<string>();
    let check = () => {};
    let fail = (_error: Error) => {};
    const lines = createInterface({ input: body });
    body.on("error", () => {});
    // Stopping it is what makes it fail.
    lines.on("error", () => {});
    lines.on("close", () => fail(new Error("the subscription ended before everything was heard")));
    lines.on("line", (line) => {
      if (line.includes('"name":"subscriber.dropped"')) return fail(new Error(line));
      if (!line.includes(`"state":"${state}"`)) return;
      reached.add(JSON.parse(line).resourceId);
      check();
    });
    const until = (isReached: () => boolean) =>
      new Promise<void>((resolve, reject) => {
        fail = reject;
        check = () => {
          if (isReached()) resolve();
        };
        check();
      });
    return {
      until: (count) => until(() => reached.size >= count),
      has: (id) => until(() => reached.has(id)),
      stop: () => body.destroy(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
