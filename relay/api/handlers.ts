// /v1/handlers: who must reply before a process goes on. A function is swapped by writing one row.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { Handler, Store } from "../store/types.ts";
import { HandlerBody, readHandler } from "./handler-input.ts";
import type { ApiParts, FunctionsAccess, HandlerStatistics } from "./parts.ts";
import { NameParams, Nullable, problemsOf, Time } from "./schemas.ts";
import type { Subscriptions } from "./subscriptions.ts";

const HandlerView = Type.Object({
  name: Type.String(),
  event: Type.String(),
  order: Type.Integer(),
  url: Nullable(Type.String()),
  hasKey: Type.Boolean(),
  source: Type.Enum(["environment", "api"]),
  updatedAt: Time,
  statistics: Nullable(
    Type.Object({
      inFlight: Type.Integer(),
      queued: Type.Integer(),
      replies: Type.Integer(),
      meanReplyMs: Nullable(Type.Number()),
      errors: Type.Integer({ description: "Attempts that brought no reply." }),
      lastError: Nullable(Type.Object({ at: Time, code: Type.String(), message: Type.String() })),
    }),
  ),
});
const CheckView = Type.Object({
  url: Type.String(),
  addresses: Type.Array(Type.String()),
  isReachable: Type.Boolean(),
  isReady: Nullable(Type.Boolean()),
  version: Nullable(Type.String()),
  keepsLeases: Nullable(Type.Boolean()),
  problem: Nullable(Type.String()),
});

export interface HandlerParts extends ApiParts {
  subscriptions: Subscriptions;
}

export const handlerRoutes: FastifyPluginAsyncTypebox<HandlerParts> = async (app, parts) => {
  const { store, processServer, functions, subscriptions, now } = parts;
  const tags = ["handlers"];

  app.get(
    "/v1/handlers",
    {
      schema: {
        tags,
        summary: "List handlers, in the order in which they are asked",
        response: { 200: Type.Object({ data: Type.Array(HandlerView) }), ...problemsOf() },
      },
    },
    async () => {
      const handlers = await store.listHandlers();
      const sorted = handlers.toSorted(
        (one, other) =>
          one.event.localeCompare(other.event) || one.order - other.order || one.name.localeCompare(other.name),
      );
      return { data: sorted.map((handler) => viewHandler(handler, functions)) };
    },
  );

  app.get(
    "/v1/handlers/:name",
    {
      schema: {
        tags,
        summary: "Look at a handler",
        params: NameParams,
        response: { 200: HandlerView, ...problemsOf(404) },
      },
    },
    async ({ params }) => viewHandler(await requireHandler(store, params.name), functions),
  );

  app.put(
    "/v1/handlers/:name",
    {
      schema: {
        tags,
        summary: "Add or change a handler",
        params: NameParams,
        body: HandlerBody,
        response: { 200: HandlerView, 201: HandlerView, ...problemsOf(422) },
      },
    },
    async ({ params: { name }, body }, reply) => {
      const existing = await findHandler(store, name);
      const handler = await processServer.putHandler(readHandler(name, body, existing, now()));
      // Whoever listens with the old one would go on to hear events with all their secrets.
      if (existing && existing.keyHash !== handler.keyHash) subscriptions.dropHandler(name);
      reply.code(existing ? 200 : 201).header("location", `/v1/handlers/${name}`);
      return viewHandler(handler, functions);
    },
  );

  app.delete(
    "/v1/handlers/:name",
    {
      schema: {
        tags,
        summary: "Remove a handler",
        params: NameParams,
        response: {
          204: Type.Unsafe<undefined>({ type: "null", description: "It is gone." }),
          ...problemsOf(404, 409),
        },
      },
    },
    async ({ params }, reply) => {
      await processServer.deleteHandler(params.name);
      subscriptions.dropHandler(params.name);
      return reply.code(204).send(undefined);
    },
  );

  // A GET for whoever looks from a browser; it changes nothing.
  for (const method of ["GET", "POST"] as const) {
    app.route({
      method,
      url: "/v1/handlers/:name/check",
      schema: {
        tags,
        summary: "Can its URL be reached, and does it keep leases?",
        params: NameParams,
        response: { 200: CheckView, ...problemsOf(404, 409) },
      },
      handler: async ({ params }) => {
        const { name } = params as Type.Static<typeof NameParams>;
        const handler = await requireHandler(store, name);
        const { url } = handler;
        if (url !== null) return functions.check({ ...handler, url });
        throw new RelayError("handler.noUrl", {
          message: `${name} listens on the bus: there is no URL to check`,
          field: "name",
          expected: "a handler with a URL",
          got: name,
        });
      },
    });
  }
};

async function findHandler(store: Store, name: string): Promise<Handler | null> {
  return (await store.listHandlers()).find((handler) => handler.name === name) ?? null;
}

/** @throws RelayError `handler.unknown` */
async function requireHandler(store: Store, name: string): Promise<Handler> {
  const handler = await findHandler(store, name);
  if (handler) return handler;
  throw new RelayError("handler.unknown", {
    message: `there is no handler ${JSON.stringify(name)}`,
    field: "name",
    expected: "the name of a handler",
    got: JSON.stringify(name),
  });
}

function viewHandler(handler: Handler, functions: FunctionsAccess): Type.Static<typeof HandlerView> {
  const { name, event, order, url, keyHash, source, updatedAt } = handler;
  return {
    ...{ name, event, order, url, hasKey: keyHash !== null, source, updatedAt },
    statistics: viewStatistics(functions.handlerStatistics(name)),
  };
}

function viewStatistics(statistics: HandlerStatistics | null): Type.Static<typeof HandlerView>["statistics"] {
  if (!statistics) return null;
  const { inFlight, queued, replies, meanReplyMs, errors, lastError } = statistics;
  return { inFlight, queued, replies, meanReplyMs, errors, lastError };
}
