// The API: who may ask, what goes wrong as ordered, errors and limits in DigitalOcean's words. The routes lie beside it.
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Faults, MetFault } from "../faults.ts";
import type { Call, Journal } from "../journal.ts";
import type { Account } from "./account.ts";
import { addCatalogueRoutes } from "./catalogue-routes.ts";
import type { Certificate } from "./certificate.ts";
import { addDropletRoutes } from "./droplet-routes.ts";
import { DigitalOceanError, notFound, unauthorized } from "./errors.ts";
import { addKeyRoutes } from "./key-routes.ts";
import { RateLimit } from "./rate-limit.ts";
import { addTagRoutes } from "./tag-routes.ts";

const callsInAnHourMax = 5_000;

declare module "fastify" {
  interface FastifyRequest {
    fault: MetFault | null;
    call: Call | null;
  }
}

export interface ApiOptions {
  certificate: Certificate;
  /** Tokens that may ask. */
  credentials: ReadonlySet<string>;
  account: Account;
  faults: Faults;
  journal: Journal;
  /** The droplets are others than before. */
  onChange(): void;
  onRestart(dropletId: number): void;
}

/** Never listens: the proxy hands it connections. */
export async function buildApi(options: ApiOptions): Promise<{ app: FastifyInstance; server: Server }> {
  const server = createServer({ ...options.certificate });
  const app = Fastify({
    forceCloseConnections: true,
    serverFactory: (handler) => server.on("request", handler) as never,
  });
  const rateLimit = new RateLimit(callsInAnHourMax);
  app.decorateRequest("fault", null);
  app.decorateRequest("call", null);
  // Some clients send this type with a body of nothing.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_, body, done) => {
    try {
      done(null, body === "" ? {} : JSON.parse(body as string));
    } catch {
      done(new DigitalOceanError(400, "bad_request", "error parsing request body"));
    }
  });

  // Only now is its body read, which a fault may be about.
  app.addHook("preValidation", async (request, reply) => {
    const call = `${request.method} ${request.routeOptions.url ?? request.url.split("?")[0]}`;
    request.fault = options.faults.meet(call, `${request.url} ${JSON.stringify(request.body)}`);
    request.call = options.journal.begin(call, request.fault?.name ?? null);
    rateLimit.use();
    if (!options.credentials.has(request.headers.authorization?.replace(/^Bearer /, "") ?? "")) throw unauthorized();
    await meet(request.fault, reply);
  });
  app.addHook("onSend", async (request, reply) => {
    reply.headers({ ...rateLimit.headers(), "x-request-id": randomUUID() });
    if (request.fault?.behaviour.kind === "answer-lost") cut(reply);
  });
  app.addHook("onResponse", async (request, reply) => {
    if (request.call && !reply.raw.destroyed) options.journal.end(request.call, reply.statusCode);
  });
  app.setErrorHandler((error, _, reply) => {
    if (!(error instanceof DigitalOceanError)) console.error("the API of DigitalOcean:", error);
    const { status, id, message } =
      error instanceof DigitalOceanError
        ? error
        : new DigitalOceanError(500, "server_error", "Unexpected server-side error");
    reply.code(status).send({ id, message });
  });
  app.setNotFoundHandler(() => {
    throw notFound();
  });

  addCatalogueRoutes(app, options.account);
  addKeyRoutes(app, options.account, options.onChange);
  addDropletRoutes(app, options);
  addTagRoutes(app, options.account);
  await app.ready();
  return { app, server };
}

async function meet(fault: MetFault | null, reply: FastifyReply): Promise<void> {
  const behaviour = fault?.behaviour;
  if (behaviour?.kind === "answer")
    return void (await reply
      .code(behaviour.status)
      .headers(behaviour.headers ?? {})
      .send(behaviour.body));
  if (behaviour?.kind === "cut") cut(reply);
  if (behaviour?.kind === "slow") await wait(behaviour.delayMs);
  if (behaviour?.kind === "held") await fault!.over;
}

function cut(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}
