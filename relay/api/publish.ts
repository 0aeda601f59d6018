// POST /v1/publish: a reply to an event, by whoever may answer it.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { Reply } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { Handler, Store } from "../store/types.ts";
import { bearerOf, type Caller, challenge, identify, notAllowed } from "./keys.ts";
import type { ApiParts } from "./parts.ts";
import { problemsOf } from "./schemas.ts";

export const publishRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, parts) => {
  const { store, processServer } = parts;

  app.post(
    "/v1/publish",
    {
      config: { unknownFieldCode: "reply.unknownField" },
      // It may hold an archive.
      bodyLimit: parts.config.bodyBytesMax,
      schema: {
        tags: ["event bus"],
        summary: "Reply to an event",
        description:
          "`transitioning`: `yes` = progress, `no` = done, `error` = failed. Final words are on disk when this answers.",
        body: Reply,
        response: { 201: Type.Object({}), ...problemsOf(403, 404, 409, 422) },
      },
      // Before the body is looked at: what a stranger sends is not worth explaining.
      onRequest: async (request, reply) => {
        try {
          const caller = await identify(bearerOf(request), parts);
          if (caller.kind === "agent") throw notAllowed("agent", "an operator's or a handler's key");
          callers.set(request, caller);
        } catch (error) {
          challenge(reply, error);
          throw error;
        }
      },
    },
    async (request, reply) => {
      await checkEntitled(store, request.body, callers.get(request) as Caller);
      await processServer.answers.reply(request.body);
      reply.code(201);
      return {};
    },
  );
};

const callers = new WeakMap<object, Caller>();

/** @throws RelayError `event.unknown`, `event.notYours` */
async function checkEntitled(store: Store, reply: Type.Static<typeof Reply>, caller: Caller): Promise<void> {
  const [eventId = ""] = reply.previousIds;
  const found = await store.findEvent(eventId);
  const process = found && (await store.getProcess(found.processId));
  const step = process?.steps.find((each) => each.eventId === eventId);
  if (!found || !step || found.machineId !== reply.resourceId) {
    throw new RelayError("event.unknown", {
      message: "there is no such event of this resource",
      field: "previousIds",
      expected: "the id of an event of the resource",
      got: JSON.stringify(eventId),
    });
  }
  const handler = (await store.listHandlers()).find(({ name }) => name === step.handler) ?? null;
  const reason = refusalOf(step.handler, handler, caller);
  if (reason === null) return;
  throw new RelayError("event.notYours", { message: reason, field: "previousIds", got: JSON.stringify(eventId) });
}

/** A removed handler's key went with it; an operator may still end what it had begun. */
function refusalOf(name: string, handler: Handler | null, caller: Caller): string | null {
  if (caller.kind === "handler" && caller.name !== name) return `this event is ${name}'s, not ${caller.name}'s`;
  if (handler?.url) return `${name} has a URL: what it answers there is its reply`;
  if (handler?.keyHash && caller.kind !== "handler") return `${name} has a key of its own: only that may answer`;
  return null;
}
