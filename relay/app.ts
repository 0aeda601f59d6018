// Puts the relay together from its parts. Builds; nothing listens and nothing is fired before `start`.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { createAgents } from "./agents/agents.ts";
import { type AgentSettings, findAgentUrl } from "./agents/launch.ts";
import { createPrepareAgent } from "./agents/prepare.ts";
import { createAgentTokens } from "./agents/tokens.ts";
import { type StreamLimits, streamLimitsDefault } from "./api/event-stream.ts";
import { viewMachine } from "./api/machine-view.ts";
import type { ApiParts } from "./api/parts.ts";
import { buildAgentServer, buildServer } from "./api/server.ts";
import { close } from "./close.ts";
import type { RelayConfig } from "./config.ts";
import { type Bus, createBus } from "./event-bus/bus.ts";
import { redactEvent } from "./event-bus/redact.ts";
import { connectFunctions, type Functions, type FunctionsParts } from "./functions-access.ts";
import { listen } from "./listen.ts";
import type { Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { processServerDefaults } from "./process-server/config.ts";
import { createProcessServer } from "./process-server/create-process-server.ts";
import type { ProcessServer } from "./process-server/process-server.ts";
import { seedHandlers } from "./seed-handlers.ts";
import type { Store } from "./store/types.ts";

export interface RelayParts {
  config: RelayConfig;
  store: Store;
  log: Log;
  /** Milliseconds since 1970. */
  now?: () => number;
  streamLimits?: StreamLimits;
  /** Include what Prometheus wants to know of the process itself. Off where many relays live in one process. */
  isProcessMeasured?: boolean;
  /** Tests may put something else in the forwarder's place. */
  connectFunctions?: (parts: FunctionsParts) => Functions;
}

export interface Relay {
  readonly app: FastifyInstance;
  readonly processServer: ProcessServer;
  readonly bus: Bus;
  /** Where it listens. */
  url(): string;
  /** Listens, then takes up every open process. @throws RelayError `config.invalid` when a port is taken */
  start(): Promise<void>;
  /** Ends streams at once, lets requests finish, and leaves what is under way to the next start. Closes the store. */
  stop(): Promise<void>;
}

export async function buildRelay(parts: RelayParts): Promise<Relay> {
  const { config, store, log, now = Date.now, streamLimits = streamLimitsDefault } = parts;
  let phase: ReturnType<ApiParts["phase"]> = "starting";
  let port = config.port;
  let agentListen = config.agentListen;
  const agentUrl = () =>
    findAgentUrl({ publicUrl: config.publicUrl, agentListen, listen: { host: config.host, port } });

  const metrics = createMetrics({ isProcessIncluded: parts.isProcessMeasured ?? false });
  const bus = createBus({ startId: randomUUID(), redact: redactEvent });
  const tokens = createAgentTokens(store);
  const settings: AgentSettings = {
    // Known for sure only when it listens: the port may have been chosen then.
    get url() {
      return agentUrl().url;
    },
    image: config.agentImage,
    command: config.agentCommand,
    environment: config.agentEnvironment,
    volumes: config.agentVolumes,
  };
  const processServer = createProcessServer({
    store,
    bus,
    config: { ...processServerDefaults, ...timesOf(config) },
    prepareAgent: createPrepareAgent({ tokens, settings }),
    viewMachine,
    log,
    now,
    observe: metrics.observer,
  });
  const { answers } = processServer;
  const functions = (parts.connectFunctions ?? connectFunctions)({ config, store, bus, answers, log });
  const onError = (error: unknown) => log.error({ err: error }, "the agents' presence could not be written");
  const agents = createAgents({ store, processServer, bus, tokens, settings, onError, now });

  const serverParts = {
    ...{ config, store, processServer, bus, functions, agents, log, now, agentUrl, streamLimits },
    authenticateAgent: agents.authenticateAgent,
    phase: () => phase,
    metrics: () => metrics.render({ store, bus, invocations: functions.invocations }),
  };
  const app = await buildServer(serverParts);
  const agentApp = config.agentListen && (await buildAgentServer(serverParts));

  return {
    app,
    processServer,
    bus,
    url: () => findAgentUrl({ publicUrl: null, agentListen: null, listen: { host: config.host, port } }).url,

    async start() {
      await seedHandlers(store, config, now());
      port = await listen(app, { host: config.host, port, variable: "PORT" });
      if (agentApp && agentListen) {
        agentListen = { ...agentListen, port: await listen(agentApp, { ...agentListen, variable: "AGENT_LISTEN" }) };
      }
      functions.start();
      await processServer.start();
      await agents.presence.start();
      phase = "ready";
    },

    async stop() {
      phase = "stopping";
      await Promise.all([close(app), agentApp && close(agentApp), agents.presence.stop()]);
      await functions.stop();
      // Last, so that what the functions still said is written.
      await processServer.stop();
      await store.close();
    },
  };
}

function timesOf({ silenceMs, refireWaitMaxMs, leaseMs, settleMs, cancelMaxMs }: RelayConfig) {
  return { silenceMs, refireWaitMaxMs, leaseMs, settleMs, cancelMaxMs };
}
