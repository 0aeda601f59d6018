// A relay as agents see it: the real routes on a real listener, over a real store, bus and process server.

import { createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { type Agents, createAgents } from "../../../relay/agents/agents.ts";
import type { AgentSettings } from "../../../relay/agents/launch.ts";
import { createPrepareAgent, type PrepareAgent } from "../../../relay/agents/prepare.ts";
import { createAgentTokens } from "../../../relay/agents/tokens.ts";
import { streamLimitsDefault } from "../../../relay/api/event-stream.ts";
import type { FunctionsAccess } from "../../../relay/api/parts.ts";
import { buildAgentServer, buildServer, type ServerParts } from "../../../relay/api/server.ts";
import { readConfig } from "../../../relay/config.ts";
import { RelayError } from "../../../relay/errors.ts";
import { type Bus, createBus, type Subscription } from "../../../relay/event-bus/bus.ts";
import type { BusEvent } from "../../../relay/event-bus/events.ts";
import { redactEvent } from "../../../relay/event-bus/redact.ts";
import { createLog } from "../../../relay/log.ts";
import { processServerDefaults } from "../../../relay/process-server/config.ts";
import { createProcessServer } from "../../../relay/process-server/create-process-server.ts";
import type { ProcessServer } from "../../../relay/process-server/process-server.ts";
import type { Machine } from "../../../relay/store/types.ts";
import { openTemporaryStore, type TemporaryStore } from "../store/temporary-store.ts";

export interface RelayOptions {
  reportEveryMs?: number;
  silenceMs?: number;
}

export class RunningRelay {
  readonly settings: AgentSettings;
  readonly errors: unknown[] = [];
  readonly log: string[] = [];
  agents!: Agents;
  prepareAgent!: PrepareAgent;
  bus!: Bus;
  server!: ProcessServer;
  /** How much later it is here than elsewhere. */
  aheadMs = 0;
  readonly #temporary: TemporaryStore;
  readonly #port: number;
  readonly #options: RelayOptions;
  #agentServer: FastifyInstance | undefined;
  #ownServer: FastifyInstance | undefined;
  #isStopping = true;
  readonly #waiting = new Map<string, () => void>();

  private constructor(temporary: TemporaryStore, port: number, options: RelayOptions) {
    this.#temporary = temporary;
    this.#port = port;
    this.#options = options;
    this.settings = {
      url: `http://127.0.0.1:${port}`,
      image: "docker:28-cli",
      command: null,
      environment: {},
      volumes: null,
    };
  }

  static async open(options: RelayOptions = {}): Promise<RunningRelay> {
    const relay = new RunningRelay(await openTemporaryStore(), await findFreePort(), options);
    await relay.start();
    return relay;
  }

  get store() {
    return this.#temporary.store;
  }

  async start(): Promise<void> {
    const { store, settings } = this;
    this.bus = this.#observe(createBus({ startId: crypto.randomUUID(), redact: redactEvent }));
    const tokens = createAgentTokens(store);
    this.prepareAgent = createPrepareAgent({ tokens, settings });
    this.server = createProcessServer({
      store,
      bus: this.bus,
      config: processServerDefaults,
      prepareAgent: this.prepareAgent,
      viewMachine: ({ id, state, host }) => ({ id, state, host }),
      log: { error: () => {}, warn: () => {} },
    });
    await this.server.start();
    const onError = (error: unknown) => void this.errors.push(error);
    this.agents = createAgents({
      store,
      processServer: this.server,
      bus: this.bus,
      tokens,
      settings,
      onError,
      now: () => Date.now() + this.aheadMs,
      ...this.#options,
    });
    await this.agents.presence.start();
    this.#isStopping = false;
    await this.#listen();
  }

  /** What is not on disk is gone, and nobody listens meanwhile. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#agentServer?.close();
    await this.#ownServer?.close();
    await this.agents.presence.stop();
    await this.server.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#temporary.reopen();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isStopping) await this.stop();
    await this.#temporary[Symbol.asyncDispose]();
  }

  /** Both listeners: the one for agents alone, and the relay's own, which operators use. */
  async #listen(): Promise<void> {
    const parts = this.#serverParts();
    this.#agentServer = await buildAgentServer(parts);
    this.#ownServer = await buildServer(parts);
    await this.#agentServer.listen({ host: "127.0.0.1", port: this.#port });
  }

  #serverParts(): ServerParts {
    const { agents, bus, store } = this;
    // No function was ever seen here, and nobody asks for one.
    const functions: FunctionsAccess = {
      listDrivers: async () => [],
      describeDriver: (name) => Promise.reject(new RelayError("driver.unknown", { message: name })),
      previewCommand: (name) => Promise.reject(new RelayError("driver.unknown", { message: name })),
      check: async ({ url }) => ({
        ...{ url, addresses: [], isReachable: false, isReady: null },
        ...{ version: null, keepsLeases: null, problem: null },
      }),
      handlerStatistics: () => null,
    };
    return {
      config: readConfig({}),
      store,
      processServer: this.server,
      bus,
      functions,
      agents,
      authenticateAgent: agents.authenticateAgent,
      log: createLog("info", { write: (line) => void this.log.push(line) }),
      now: Date.now,
      agentUrl: () => ({ url: this.settings.url, problem: null }),
      phase: () => (this.#isStopping ? "stopping" : "ready"),
      metrics: async () => ({ contentType: "text/plain", text: "" }),
      streamLimits: streamLimitsDefault,
    };
  }

  #observe(bus: Bus): Bus {
    const subscribe = (subscription: Subscription) => {
      const unsubscribe = bus.subscribe(subscription);
      if (subscription.resourceId !== undefined) this.#waiting.get(subscription.resourceId)?.();
      return unsubscribe;
    };
    return Object.create(bus, { subscribe: { value: subscribe } });
  }

  /** Resolves when an agent opens its stream. */
  untilHeardBy(machineId: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(machineId, resolve);
    });
  }

  /** As an agent. */
  post(path: string, body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(`${this.settings.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** As an operator. */
  operate(path: string, body: object = {}) {
    const headers = { host: "localhost" };
    return this.#ownServer!.inject({ method: "POST", url: path, headers, payload: body });
  }

  /** A machine that an agent may speak for, and its agent's token. */
  async join(name = "edge-1"): Promise<{ machine: Machine; token: string }> {
    const machine = await this.server.joinMachine({ name, labels: {} });
    const { environment } = await this.prepareAgent(machine);
    return { machine, token: environment.MACHINE_RELAY_SCRIPT_URL?.split("/").at(-1) as string };
  }

  async machine(id: string): Promise<Machine> {
    return (await this.store.getMachine(id)) as Machine;
  }

  async history(id: string): Promise<string[]> {
    const { data } = await this.store.listHistory(id, { limit: 100, cursor: null });
    return data.filter(({ kind }) => kind === "agent").map(({ message }) => message);
  }

  /** Resolves once the machine is as wished: it looks at each change that is published. */
  until(id: string, isAsWished: (machine: Machine) => boolean): Promise<Machine> {
    return this.untilAny((machine) => machine.id === id && isAsWished(machine), id);
  }

  async untilAny(isAsWished: (machine: Machine) => boolean, first?: string): Promise<Machine> {
    const { promise, resolve, reject } = Promise.withResolvers<Machine>();
    const look = async (id: string) => {
      const machine = await this.machine(id);
      if (isAsWished(machine)) resolve(machine);
    };
    const deliver = ({ event }: { event: BusEvent }) => void look(event.resourceId as string).catch(reject);
    const unsubscribe = this.bus.subscribe({ names: ["resource.change"], deliver });
    try {
      if (first !== undefined) await look(first);
      return await promise;
    } finally {
      unsubscribe();
    }
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
