// Builds the functions' HTTP server from its parts. Listens to nothing, reads no environment.
import Fastify, { type FastifyInstance, LogController } from "fastify";
import type { Logger } from "pino";
import packageFile from "../package.json" with { type: "json" };
import type { FunctionsConfig } from "./config.ts";
import { beatEveryMs as beatEveryMsDefault } from "./contract.ts";
import { answerError, answerUnknownRoute } from "./http/answer-errors.ts";
import { addDriverRoutes, type DriverCatalogue } from "./http/driver-routes.ts";
import { createGate } from "./http/gate.ts";
import { addInvocationRoutes } from "./http/invocation-routes.ts";
import { functionsStopping } from "./invocations/invocation-problems.ts";
import { Invocations } from "./invocations/invocations.ts";
import { openWorkspace } from "./invocations/workspace.ts";
import { createMetrics } from "./metrics.ts";
import type { FunctionName, WorkFunction } from "./work.ts";

const second = 1000;
/** A body of the largest size, over a slow line. */
const requestTimeoutMs = 60 * second;
/** A caller that vanished without a word is noticed, and what it asked for without a lease ends. */
const keepAliveProbeAfterMs = 15 * second;

export interface FunctionsOptions {
  config: FunctionsConfig;
  /** Those that the configuration names are served. */
  functions: Partial<Record<FunctionName, WorkFunction>>;
  drivers: DriverCatalogue;
  log: Logger;
  beatEveryMs?: number;
}

/**
 * Takes its place in the work directory. Closing the instance ends every run first.
 * @throws Error in words when WORK_DIR cannot be used
 */
export function buildFunctions(options: FunctionsOptions): FastifyInstance {
  const { config, functions, drivers, log, beatEveryMs = beatEveryMsDefault } = options;
  const workspace = openWorkspace(config.workDirectory);
  const metrics = createMetrics(() => invocations.keptBytes);
  const invocations = new Invocations({
    functions,
    workspace,
    environment: config.environment,
    deadlineMs: config.deadlineMs,
    invocationsMax: config.invocationsMax,
    keptBytesMax: config.keptBytesMax,
    keptForMs: config.keptForMs,
    beatEveryMs,
    log,
    onStart(invocation) {
      const { eventId, run, functionName, isLeased } = invocation;
      log.info({ eventId, run, function: functionName, isLeased }, "a run begins");
      metrics.countStart(invocation);
    },
    onOver(invocation, outcome) {
      const { eventId, run, functionName } = invocation;
      const end =
        outcome.reply === null
          ? outcome.ended
          : { transitioning: outcome.reply.transitioning, code: outcome.reply.code };
      log.info({ eventId, run, function: functionName, ...end }, "a run is over");
      metrics.countOver(invocation, outcome);
    },
  });

  const app = Fastify({
    loggerInstance: log,
    // One line for each answer, below: of chosen fields.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestTimeoutMs,
    // We say it ourselves, as problem+json.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    http: { keepAlive: true, keepAliveInitialDelay: keepAliveProbeAfterMs },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
        verbose: true,
      },
    },
  }) as unknown as FastifyInstance;

  const rejectStrangers = createGate(config.secret);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);
  app.addHook("onRequest", async (request, reply) => {
    // A kept connection would hold up the end of this process.
    if (invocations.isStopping) reply.header("connection", "close");
    rejectStrangers(request);
  });
  app.addHook("onSend", async (_request, reply) => {
    if (invocations.isStopping) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? null;
    log.debug(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      "answered",
    );
  });
  app.addHook("preClose", async () => {
    log.info({ running: invocations.runningCount }, "ending every run");
    await invocations.stop();
  });
  app.addHook("onClose", async () => workspace.close());

  // The relay shows the version: whoever swaps a function wants to see which one answers.
  app.get("/healthz", async () => ({ ok: true, version: packageFile.version }));
  app.get("/readyz", async () => {
    if (invocations.isStopping) throw functionsStopping();
    return { ready: true };
  });
  app.get("/metrics", async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  addDriverRoutes(app, drivers);
  const served = config.functions.filter((name) => functions[name] !== undefined);
  addInvocationRoutes(app, invocations, served);
  return app;
}
