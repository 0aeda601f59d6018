// Puts the HTTP surface together: one Fastify for everybody, one for agents alone. Builds; does not listen.
import fastifyHelmet from "@fastify/helmet";
import fastifySwagger from "@fastify/swagger";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Agents } from "../agents/agents.ts";
import { RelayError } from "../errors.ts";
import { maskPath } from "../log.ts";
import { aboutRoutes, relayVersion } from "./about.ts";
import { agentOperatorRoutes, agentRoutes } from "./agents.ts";
import { driverTimingRoutes } from "./driver-timings.ts";
import { driverRoutes } from "./drivers.ts";
import type { StreamLimits } from "./event-stream.ts";
import { refuseForeign } from "./foreign.ts";
import { handlerRoutes } from "./handlers.ts";
import { healthRoutes, metricsRoutes } from "./health.ts";
import { joinTokenRoutes } from "./join-tokens.ts";
import { requireOperator } from "./keys.ts";
import { machineRecordRoutes } from "./machine-records.ts";
import { machineRoutes } from "./machines.ts";
import { pageRoutes } from "./pages.ts";
import type { ApiParts } from "./parts.ts";
import { problemContentType, toProblem } from "./problems.ts";
import { processRoutes } from "./processes.ts";
import { publishRoutes } from "./publish.ts";
import { subscribeRoutes } from "./subscribe.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { compileValidator, UnknownField } from "./validation.ts";

/** Of a request without an archive in it. */
const bodyBytesMax = 1024 * 1024;
/** How long a request may take to arrive whole. Answers may take for ever. */
const requestTimeoutMs = 60_000;
const parameterCharactersMax = 1_000;

export interface ServerParts extends ApiParts {
  agents: Agents;
  streamLimits: StreamLimits;
}

/** The whole surface, behind keys; agents come by their tokens. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = createApp(parts);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "machine-relay",
        version: relayVersion,
        description: "Create Docker hosts on any cloud over HTTP, and lose none of them.",
      },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
      security: [{ key: [] }, {}],
    },
  });
  const subscriptions = openSubscriptions(app, parts);
  await app.register(healthRoutes, parts);
  await app.register(agentRoutes, parts);
  await app.register(subscribeRoutes, { ...parts, subscriptions, isForAgentsOnly: false });
  await app.register(async (own) => {
    own.addHook("onRequest", refuseForeign({ hasKeys: parts.config.apiKeys.length > 0 }));
    await own.register(publishRoutes, parts);
    await own.register(pageRoutes);
    await own.register(async (operators) => {
      operators.addHook("onRequest", requireOperator(parts));
      await operators.register(machineRoutes, parts);
      await operators.register(machineRecordRoutes, parts);
      await operators.register(processRoutes, parts);
      await operators.register(handlerRoutes, { ...parts, subscriptions });
      await operators.register(driverRoutes, parts);
      await operators.register(driverTimingRoutes, parts);
      await operators.register(aboutRoutes, parts);
      await operators.register(joinTokenRoutes, parts);
      await operators.register(agentOperatorRoutes, parts);
      await operators.register(metricsRoutes, parts);
    });
  });
  await app.ready();
  return app;
}

/** Scripts, reports and the agents' streams, each by its token, and nothing else. */
export async function buildAgentServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = createApp(parts);
  const subscriptions = openSubscriptions(app, parts);
  await app.register(agentRoutes, parts);
  await app.register(subscribeRoutes, { ...parts, subscriptions, isForAgentsOnly: true });
  await app.ready();
  return app;
}

function openSubscriptions(app: FastifyInstance, { bus, now, streamLimits }: ServerParts) {
  const subscriptions = createSubscriptions(bus, now, streamLimits);
  // Endless answers would hold the close for ever.
  app.addHook("preClose", async () => subscriptions.close());
  return subscriptions;
}

function createApp({ log, phase }: ServerParts): FastifyInstance {
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Ours says less: no query, no token, no body.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: parameterCharactersMax },
    frameworkErrors: (error, request, reply) => answerProblem(error, request as FastifyRequest, reply as FastifyReply),
  });

  app.setValidatorCompiler(compileValidator);
  // Views are made field by field; a serializer that drops what the schema does not name would hide a mistake.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    const got = `${request.method} ${maskPath(request.url).slice(0, 200)}`;
    throw new RelayError("route.unknown", {
      message: `there is no ${got}`,
      field: "path",
      expected: "a path of /openapi.json, by the method given there",
      got,
    });
  });
  readJson(app);
  app.register(fastifyHelmet, helmetOptions);

  app.addHook("onSend", async (_request, reply) => {
    // A connection that is kept would keep the close waiting.
    if (phase() === "stopping") reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const about = { method: request.method, path: maskPath(request.url), status: reply.statusCode };
    // Every agent reports every few seconds.
    const level = about.path.startsWith("/v1/agents/") && reply.statusCode < 400 ? "debug" : "info";
    request.log[level]({ ...about, ms: Math.round(reply.elapsedTime) }, "request");
  });
  return app;
}

/** An empty body is none, whatever its type says: the schema tells what is missing. */
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text: string, done) => {
    if (text === "") done(null, undefined);
    else parse(request, text, done);
  });
}

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { problem, defect } = toProblem(withOwnCode(error, request), request);
  if (defect) request.log.error({ err: defect, code: problem.code, reference: problem.reference }, "request failed");
  reply.code(problem.status).type(problemContentType).send(problem);
}

/** A route may have a code of its own for a field that it does not know. */
function withOwnCode(error: unknown, request: FastifyRequest): unknown {
  const code = request.routeOptions?.config?.unknownFieldCode;
  if (!code || !(error instanceof UnknownField)) return error;
  return new RelayError(code, error);
}

const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // Whether there is TLS is the business of who stands in front; a promise of it for a year is not ours to make.
  strictTransportSecurity: false,
};

declare module "fastify" {
  interface FastifyContextConfig {
    unknownFieldCode?: "reply.unknownField";
  }
}
