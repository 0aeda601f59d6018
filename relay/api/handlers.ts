// /v1/handlers: who must reply before a process goes on. A function is swapped by writing one row.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { Handler, Store } from "../store/types.ts";
import { CheckBody, checkHandlerName, HandlerBody, readHandler, readUrl } from "./handler-input.ts";
import { CheckView, HandlerView, viewHandler } from "./handler-view.ts";
import type { ApiParts } from "./parts.ts";
import { NameParams, problemsOf, takeNoneAsEmpty } from "./schemas.ts";
import type { Subscriptions } from "./subscriptions.ts";

export interface HandlerParts extends ApiParts {
  subscriptions: Subscriptions;
}

export const handlerRoutes: FastifyPluginAsyncTypebox<HandlerParts> = async (app, parts) => {
  const { store, processServer, bus, functions, subscriptions, now } = parts;
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
      return { data: sorted.map(view) };
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
    async ({ params }) => view(await requireHandler(store, params.name)),
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
      return view(handler);
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

  const checkSchema = { tags, params: NameParams };
  // A GET for whoever looks from a browser; it changes nothing.
  app.get(
    "/v1/handlers/:name/check",
    {
      schema: {
        ...checkSchema,
        summary: "Can its URL be reached, and does it keep leases?",
        response: { 200: CheckView, ...problemsOf(404, 409) },
      },
    },
    async ({ params: { name } }) => check(name, await requireHandler(store, name)),
  );

  app.post(
    "/v1/handlers/:name/check",
    {
      schema: {
        ...checkSchema,
        summary: "The same, also of a URL that is not used yet",
        description:
          "Without a body, or without `url` in it, its own URL is checked. With one there need be no such row.",
        body: CheckBody,
        response: { 200: CheckView, ...problemsOf(404, 409, 422) },
      },
      preValidation: takeNoneAsEmpty,
    },
    async ({ params: { name }, body: { url } }) => {
      if (url === undefined) return check(name, await requireHandler(store, name));
      return check(checkHandlerName(name), { url: readUrl(url, await findHandler(store, name)) });
    },
  );

  async function check(name: string, { url }: Pick<Handler, "url">): Promise<CheckView> {
    if (url !== null) return functions.check({ name, url });
    throw new RelayError("handler.noUrl", {
      message: `${name} listens on the bus: there is no URL to check`,
      field: "name",
      expected: "a handler with a URL",
      got: name,
    });
  }

  function view(handler: Handler): HandlerView {
    const { name, event, url } = handler;
    const isHeard = url === null ? bus.isHeard(`${event};handler=${name}`, null) : null;
    return viewHandler(handler, { isHeard, statistics: functions.handlerStatistics(name) });
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
