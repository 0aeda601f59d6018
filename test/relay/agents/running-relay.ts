// A relay as agents see it: the real routes on a real listener, over a real store, bus and process server.

import { createServer } from "node:net";
import formbody from "@fastify/formbody";
import Fastify, { type FastifyInstance } from "fastify";
import { type Agents, createAgents } from "../../../relay/agents/agents.ts";
import type { AgentSettings } from "../../../relay/agents/launch.ts";
import { createPrepareAgent, type PrepareAgent } from "../../../relay/agents/prepare.ts";
import { createAgentTokens } from "../../../relay/agents/tokens.ts";
import { agentOperatorRoutes, agentRoutes } from "../../../relay/api/agents.ts";
import { streamLimitsDefault } from "../../../relay/api/event-stream.ts";
import { joinTokenRoutes } from "../../../relay/api/join-tokens.ts";
import { problemContentType, toProblem } from "../../../relay/api/problems.ts";
import { type SubscribeParts, subscribeRoutes } from "../../../relay/api/subscribe.ts";
import { createSubscriptions, type Subscriptions } from "../../../relay/api/subscriptions.ts";
import { compileValidator } from "../../../relay/api/validation.ts";
import { readConfig } from "../../../relay/config.ts";
import { type Bus, createBus, type Subscription } from "../../../relay/event-bus/bus.ts";
import type { BusEvent } from "../../../relay/event-bus/events.ts";
import { redactEvent } from "../../../relay/event-bus/redact.ts";
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
  agents!: Agents;
  prepareAgent!: PrepareAgent;
  bus!: Bus;
  server!: ProcessServer;
  /** How much later it is here than elsewhere. */
  aheadMs = 0;
  readonly #temporary: TemporaryStore;
  readonly #port: number;
  readonly #options: RelayOptions;
  #app: FastifyInstance | undefined;
  #subscriptions: Subscriptions | undefined;
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
    this.#app = await this.#listen();
  }

  /** What is not on disk is gone, and nobody listens meanwhile. */
  async stop(): Promise<void> {
    this.#subscriptions?.close();
    await this.#app?.close();
    await this.agents.presence.stop();
    await this.server.stop();
    this.#app = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#temporary.reopen();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#app) await this.stop();
    await this.#temporary[Symbol.asyncDispose]();
  }

  async #listen(): Promise<FastifyInstance> {
    const app = Fastify({ forceCloseConnections: true });
    app.setValidatorCompiler(compileValidator);
    app.setErrorHandler((error, _request, reply) => {
      const { problem, defect } = toProblem(error);
      if (defect) this.errors.push(defect);
      return reply.code(problem.status).type(problemContentType).send(problem);
    });
    this.#subscriptions = createSubscriptions(this.bus, Date.now, streamLimitsDefault);
    await app.register(formbody);
    await app.register(subscribeRoutes, this.#subscribeParts(this.#subscriptions));
    await app.register(agentRoutes, { agents: this.agents });
    await app.register(agentOperatorRoutes, { agents: this.agents });
    await app.register(joinTokenRoutes, { agents: this.agents });
    await app.listen({ host: "127.0.0.1", port: this.#port });
    return app;
  }

  /** What the routes of streams look at. */
  #subscribeParts(subscriptions: Subscriptions): SubscribeParts {
    const parts: Pick<
      SubscribeParts,
      "config" | "store" | "authenticateAgent" | "phase" | "subscriptions" | "isForAgentsOnly"
    > = {
      config: readConfig({}),
      store: this.store,
      authenticateAgent: this.agents.authenticateAgent,
      phase: () => "ready",
      subscriptions,
      isForAgentsOnly: true,
    };
    return parts as SubscribeParts;
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

  post(path: string, body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(`${this.settings.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
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
