// A process server on a real store and bus, with a listener that can be awaited. For tests of what happens over time.
import { randomUUID } from "node:crypto";
import { type Bus, createBus } from "../../../relay/event-bus/bus.ts";
import type { BusEvent, ProcessEvent } from "../../../relay/event-bus/events.ts";
import { redactEvent } from "../../../relay/event-bus/redact.ts";
import { type ProcessServerConfig, processServerDefaults } from "../../../relay/process-server/config.ts";
import { createProcessServer } from "../../../relay/process-server/create-process-server.ts";
import type { ProcessServer } from "../../../relay/process-server/process-server.ts";
import type { Machine } from "../../../relay/store/types.ts";
import { openTemporaryStore, type TemporaryStore } from "../store/temporary-store.ts";
import { ownHandlers } from "./world.ts";

/** Short enough that a test waits for events and never for long. */
export const quick: ProcessServerConfig = {
  ...processServerDefaults,
  silenceMs: 60,
  refireWaitMaxMs: 200,
  cancelMaxMs: 500,
  progressEveryMs: 20,
  logEveryMs: 20,
};

/** Hears names and hands out what it heard, in order, to whoever awaits it. */
export class Listener {
  readonly heard: BusEvent[] = [];
  readonly #waiting: { matches: (event: BusEvent) => boolean; resolve: (event: never) => void }[] = [];
  readonly stop: () => void;

  constructor(bus: Bus, ...names: string[]) {
    this.stop = bus.subscribe({
      names,
      deliver: ({ event }) => {
        this.heard.push(event);
        for (const waiting of this.#waiting.filter(({ matches }) => matches(event))) {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          waiting.resolve(event as never);
        }
      },
    });
  }

  /** The first event, heard already or not yet, for which this holds. */
  until<T extends BusEvent>(matches: (event: T) => boolean): Promise<T> {
    const known = this.heard.find((event) => matches(event as T));
    if (known) return Promise.resolve(known as T);
    return new Promise((resolve) => {
      this.#waiting.push({ matches: matches as (event: BusEvent) => boolean, resolve });
    });
  }

  event(name: string, attempt = 1): Promise<ProcessEvent> {
    return this.until<ProcessEvent>((event) => event.name === name && event.attempt === attempt);
  }
}

export class Running implements AsyncDisposable {
  bus!: Bus;
  server!: ProcessServer;
  listener!: Listener;
  readonly temporary: TemporaryStore;
  readonly #config: ProcessServerConfig;

  private constructor(temporary: TemporaryStore, config: ProcessServerConfig) {
    this.temporary = temporary;
    this.#config = config;
  }

  static async open(config: ProcessServerConfig = quick): Promise<Running> {
    const running = new Running(await openTemporaryStore(), config);
    for (const handler of ownHandlers) await running.store.putHandler(handler);
    await running.start();
    return running;
  }

  get store() {
    return this.temporary.store;
  }

  async start(): Promise<void> {
    this.bus = createBus({ startId: randomUUID(), redact: redactEvent });
    this.listener = new Listener(this.bus, "*");
    this.server = createProcessServer({
      store: this.store,
      bus: this.bus,
      config: this.#config,
      prepareAgent: async () => ({ image: "docker:28-cli", command: [], environment: {}, volumes: [] }),
      viewMachine: (machine, process) => ({ state: machine.state, progress: machine.progress, process: process?.id }),
      log: { error: () => {}, warn: () => {} },
    });
    await this.server.start();
  }

  /** As if the relay had been killed and started again: nothing is told, nothing is flushed. */
  async restart(): Promise<void> {
    await this.server.stop();
    await this.temporary.reopen();
    await this.start();
  }

  async create(name = "web-1", driverConfig = {}): Promise<Machine> {
    const input = { name, driver: "simulated", driverConfig, engine: {}, labels: {}, isSimulated: true };
    return (await this.server.createMachine(input, null)).machine;
  }

  reply(event: ProcessEvent, change: object = {}): Promise<void> {
    const { replyTo: name, id, resourceType, resourceId } = event;
    return this.server.answers.reply({ name, previousIds: [id], resourceType, resourceId, ...change });
  }

  machine(id: string): Promise<Machine | null> {
    return this.store.getMachine(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.temporary[Symbol.asyncDispose]();
  }
}
