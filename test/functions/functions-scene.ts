// Functions that listen on a free port, with work that a test directs, and a client that reads their streams.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParser } from "eventsource-parser";
import type { FastifyInstance } from "fastify";
import { Agent, request } from "undici";
import { onTestFinished } from "vitest";
import { type FunctionsConfig, readConfig } from "../../functions/config.ts";
import type { Driver, Event, Problem, Renewal, StreamMessage } from "../../functions/contract.ts";
import type { DriverCatalogue } from "../../functions/http/driver-routes.ts";
import { createLog } from "../../functions/log.ts";
import { FunctionProblem } from "../../functions/problem.ts";
import { buildFunctions } from "../../functions/serve.ts";
import type { WorkContext, WorkFunction, WorkResult } from "../../functions/work.ts";

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "functions-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function configOf(variables: Record<string, string> = {}): FunctionsConfig {
  return readConfig({ WORK_DIR: join(temporaryDirectory(), "work"), PATH: process.env.PATH, ...variables });
}

let count = 0;
export function eventOf(changes: Partial<Event> = {}): Event {
  count += 1;
  return {
    id: `evt_${count}`,
    name: "machine.create",
    resourceType: "machine",
    resourceId: "mch_1",
    replyTo: `reply.evt_${count}`,
    time: 1,
    data: {
      machine: {
        id: "mch_1",
        name: "web-1",
        machineName: "web-1-k3f9q2ab",
        driver: "simulated",
        driverConfig: {},
        engine: {},
        labels: {},
        archive: null,
        resolved: null,
      },
    },
    ...changes,
  };
}

export const minute = 60_000;
/** Long enough that no test waits for its end. */
export const leased = (changes: Partial<Event> = {}): Event =>
  eventOf({ run: 1, join: false, leaseMs: minute, ...changes });
export const done: WorkResult = { transitioning: "no", message: "done", machine: { ipAddress: "203.0.113.7" } };

/** Work that waits until the test says how it ends; ends by itself when it is told to stop. */
export class DirectedWork implements WorkFunction {
  contexts: WorkContext[] = [];
  checks = 0;
  onCheck: (event: Event) => Promise<void> = async () => undefined;
  readonly #waiting: ((context: WorkContext) => void)[] = [];
  #end = Promise.withResolvers<WorkResult>();
  readonly lines: string[] = [];

  async check(event: Event): Promise<void> {
    this.checks += 1;
    await this.onCheck(event);
  }
  work(context: WorkContext): Promise<WorkResult> {
    this.contexts.push(context);
    for (const resolve of this.#waiting.splice(0)) resolve(context);
    this.#end = Promise.withResolvers();
    context.signal.addEventListener("abort", () => this.#end.reject(context.signal.reason));
    this.#end.promise.catch(() => undefined);
    return this.#end.promise;
  }
  /** The context of the latest run, as soon as its work has begun. */
  begun(): Promise<WorkContext> {
    const { promise, resolve } = Promise.withResolvers<WorkContext>();
    this.#waiting.push(resolve);
    return promise;
  }
  finish(result: WorkResult = done): void {
    this.#end.resolve(result);
  }
  fail(error: Error): void {
    this.#end.reject(error);
  }
}

const simulated: Driver = { name: "simulated", program: null, unavailable: null, isSimulated: true };
const drivers: DriverCatalogue = {
  list: async () => [simulated],
  find: async (name) => (name === "simulated" ? { ...simulated, options: [] } : null),
  async previewCommand(name, { machineName }) {
    if (name === "simulated") return { command: ["simulated", "create", machineName], environment: [], files: [] };
    const problem = { status: 422, code: "driver.notFound", detail: `There is no driver ${name}.` };
    throw new FunctionProblem({ ...problem, field: "driver", expected: "simulated", got: name });
  },
};

export interface Answer<Body> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Body;
}

export interface Scene {
  url: string;
  app: FastifyInstance;
  config: FunctionsConfig;
  work: DirectedWork;
  logged: string[];
  ask<Body = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  renew(event: Event, renewal: Partial<Renewal>): Promise<Answer<Problem>>;
  open(event: Event, path?: string): Promise<Stream>;
}

export async function startScene(
  options: { work?: WorkFunction; variables?: Record<string, string>; beatEveryMs?: number } = {},
): Promise<Scene> {
  const config = configOf(options.variables);
  const directed = new DirectedWork();
  const work = options.work ?? directed;
  const logged: string[] = [];
  const app = buildFunctions({
    config,
    functions: { create: work, bootstrap: work, delete: work },
    drivers,
    log: createLog("info", { write: (line) => void logged.push(line) }),
    beatEveryMs: options.beatEveryMs ?? minute,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  onTestFinished(async () => {
    await app.close();
    await dispatcher.destroy();
  });

  const scene: Scene = {
    url,
    app,
    config,
    work: directed,
    logged,
    async ask<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await request(`${url}${path}`, {
        method: method as "GET",
        dispatcher,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: response.headers, body: parse(text) as Body };
    },
    renew: ({ id, run }, renewal) =>
      scene.ask("POST", `/invocations/${id}`, { run: run ?? 1, beat: 1, checkpoint: 0, ...renewal }),
    async open(event, path = "/create") {
      const controller = new AbortController();
      const response = await request(`${url}${path}`, {
        method: "POST",
        dispatcher,
        signal: controller.signal,
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify(event),
      });
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${await response.body.text()}`);
      return new Stream(response.body, controller, String(response.headers["content-type"]));
    },
  };
  return scene;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type DataOf<Name extends StreamMessage["event"]> = Extract<StreamMessage, { event: Name }>["data"];

/** Reads one invocation's stream. */
export class Stream {
  readonly messages: StreamMessage[] = [];
  readonly contentType: string;
  /** Resolves when the other side has ended it, or it was lost. */
  readonly ended: Promise<void>;
  #next = 0;
  #isOver = false;
  #wake = Promise.withResolvers<void>();
  readonly #controller: AbortController;

  constructor(body: AsyncIterable<Uint8Array>, controller: AbortController, contentType: string) {
    this.#controller = controller;
    this.contentType = contentType;
    this.ended = this.#read(body);
  }

  /** Skips to the next message of this kind. */
  async next<Name extends StreamMessage["event"]>(name: Name): Promise<DataOf<Name>> {
    for (;;) {
      const message = this.messages[this.#next];
      if (message !== undefined) {
        this.#next += 1;
        if (message.event === name) return message.data as DataOf<Name>;
      } else if (this.#isOver) throw new Error(`The stream ended without ${name}: ${JSON.stringify(this.messages)}`);
      else await this.#wake.promise;
    }
  }
  names(): string[] {
    return this.messages.map(({ event }) => event);
  }
  /** As a caller that dies. */
  lose(): void {
    this.#controller.abort();
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent: ({ event, data }) => {
        this.messages.push({ event, data: JSON.parse(data) } as StreamMessage);
        this.#wake.resolve();
        this.#wake = Promise.withResolvers();
      },
    });
    try {
      for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
    } catch {
      // Lost.
    }
    this.#isOver = true;
    this.#wake.resolve();
  }
}

/** Waits for what has no event of its own. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
