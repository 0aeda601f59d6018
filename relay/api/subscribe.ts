// /v1/subscribe: an endless stream of events. POST answers NDJSON, for programs; GET server-sent events, for browsers.
import formbody from "@fastify/formbody";
import sse, { type SSEPluginOptions } from "@fastify/sse";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import { refuseForeign } from "./foreign.ts";
import { bearerOf, type Caller, challenge, identify, notAllowed } from "./keys.ts";
import type { ApiParts } from "./parts.ts";
import { problemsOf } from "./schemas.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Its types describe an ES module; what Node imports from CommonJS is the plugin itself. */
const fastifySse = sse as unknown as FastifyPluginAsync<SSEPluginOptions>;

const namesMax = 1_000;
const nameCharactersMax = 200;

const Name = Type.String({
  minLength: 1,
  maxLength: nameCharactersMax,
  pattern: "^[\\x21-\\x7e]+$",
  "x-expected": `a name of 1 to ${nameCharactersMax} printable characters without a space`,
});
const Names = Type.Array(Name, {
  minItems: 1,
  maxItems: namesMax,
  "x-expected": `a list of 1 to ${namesMax} names`,
  description: "`machine.create`, `machine.create;handler=dns`; `*` at the end matches a family: `machine.*`.",
});
const ResourceId = Type.String({
  minLength: 1,
  maxLength: 200,
  description: "Only events about this resource, a machine's id for example, and pings.",
});
const Body = Type.Object(
  {
    eventNames: Names,
    resourceId: Type.Optional(ResourceId),
    token: Type.Optional(Type.String({ maxLength: 500, description: "In place of the Authorization header." })),
  },
  { additionalProperties: false },
);
const Query = Type.Object(
  { eventNames: Names, resourceId: Type.Optional(ResourceId) },
  { additionalProperties: false },
);

export interface SubscribeParts extends ApiParts {
  subscriptions: Subscriptions;
  /** The listener for agents opens streams for nobody else. */
  isForAgentsOnly: boolean;
}

export const subscribeRoutes: FastifyPluginAsyncTypebox<SubscribeParts> = async (app, parts) => {
  const { subscriptions, phase, isForAgentsOnly } = parts;
  if (!app.hasContentTypeParser("application/x-www-form-urlencoded")) await app.register(formbody);
  const tags = ["event bus"];
  const refuse = refuseForeign({ hasKeys: parts.config.apiKeys.length > 0 });

  async function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    { eventNames, resourceId, token }: Type.Static<typeof Body>,
  ) {
    if (phase() === "stopping") {
      throw new RelayError("relay.stopping", { message: "the relay is stopping: subscribe again in a moment" });
    }
    try {
      const caller = await identify(token ?? bearerOf(request), parts);
      if (isForAgentsOnly && caller.kind !== "agent") throw notAllowed(caller.kind, "the token of an agent");
      // An agent's token is proof enough, by whatever name it reaches us.
      if (caller.kind !== "agent") await refuse(request);
      checkNames(caller, eventNames);
      checkResource(caller, resourceId);
      return caller;
    } catch (error) {
      challenge(reply, error);
      throw error;
    }
  }

  app.post(
    "/v1/subscribe",
    {
      schema: {
        tags,
        summary: "Listen to events, one JSON object on each line",
        description: "A `ping` at once and every 5 s. A reader that cannot keep up is told why, and dropped.",
        body: Body,
        response: {
          201: {
            description: "An endless stream.",
            content: { "application/x-ndjson": { schema: Type.String() } },
          },
          ...problemsOf(403),
        },
      },
      // A form with one name holds it as a text.
      preValidation: async (request) => {
        const body = request.body as { eventNames?: unknown } | null;
        const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
        if (isForm && typeof body?.eventNames === "string") body.eventNames = [body.eventNames];
      },
    },
    async (request, reply) => {
      const { eventNames, resourceId } = request.body;
      const caller = await admit(request, reply, request.body);
      reply.hijack();
      const headers = { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-cache" };
      reply.raw.writeHead(201, { ...reply.getHeaders(), ...headers, "x-accel-buffering": "no" } as Record<
        string,
        string
      >);
      subscriptions.open(reply.raw, { caller, names: eventNames, resourceId, form: "ndjson", lastEventId: null });
    },
  );

  if (isForAgentsOnly) return;
  await app.register(fastifySse, { heartbeatInterval: 0 });

  app.get(
    "/v1/subscribe",
    {
      sse: "only",
      // The head of an endless stream says nothing.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: "Listen to events as server-sent events",
        description:
          "Each message's data is what a line of POST holds, without secrets. `Last-Event-ID` resumes; where it cannot, the first event is `resume.failed`.",
        querystring: Query,
        response: {
          200: { description: "An endless stream.", content: { "text/event-stream": { schema: Type.String() } } },
          ...problemsOf(403),
        },
      },
    },
    async (request, reply) => {
      const { eventNames, resourceId } = request.query;
      const caller = await admit(request, reply, request.query);
      const { lastEventId } = reply.sse;
      reply.sse.keepAlive();
      reply.sse.sendHeaders();
      reply.hijack();
      subscriptions.open(reply.raw, { caller, names: eventNames, resourceId, form: "sse", lastEventId });
    },
  );
};

/** @throws RelayError `key.notAllowed` */
function checkNames(caller: Caller, names: readonly string[]): void {
  if (caller.kind !== "agent" || names.every((name) => name.startsWith("host."))) return;
  throw new RelayError("key.notAllowed", {
    message: "an agent hears of its own host only",
    field: "eventNames",
    expected: "names that begin with host.",
    got: JSON.stringify(names.find((name) => !name.startsWith("host."))),
  });
}

/** @throws RelayError `key.notAllowed` */
function checkResource(caller: Caller, resourceId: string | undefined): void {
  if (caller.kind !== "agent" || resourceId === undefined || resourceId === caller.machineId) return;
  throw new RelayError("key.notAllowed", {
    message: "an agent hears of its own host only",
    field: "resourceId",
    expected: caller.machineId,
    got: JSON.stringify(resourceId),
  });
}
