// HTTP for invocations: start and join, renew, look, cancel.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import Type from "typebox";
import { Event, messageBytesMax, Renewal, type Reply } from "../contract.ts";
import type { Invocation } from "../invocations/invocation.ts";
import { leaseNeedsStream } from "../invocations/invocation-problems.ts";
import type { Invocations } from "../invocations/invocations.ts";
import { FunctionProblem } from "../problem.ts";
import type { FunctionName } from "../work.ts";
import { acceptsEventStream } from "./accept.ts";
import { openEventStream } from "./event-stream.ts";

const Id = Type.Object({ eventId: Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" }) });
/** Text, because a query is. */
const Run = Type.Object(
  { run: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,14}$" })) },
  { additionalProperties: false },
);

export function addInvocationRoutes(
  instance: FastifyInstance,
  invocations: Invocations,
  functionNames: readonly FunctionName[],
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  for (const name of functionNames) {
    // A container that serves one function also answers at `/`.
    for (const path of functionNames.length === 1 ? [`/${name}`, "/"] : [`/${name}`]) {
      app.post(path, { schema: { body: Event }, bodyLimit: messageBytesMax }, async ({ body, headers }, reply) => {
        const isStream = acceptsEventStream(headers.accept);
        if (!isStream && (body.leaseMs !== undefined || body.join === true)) throw leaseNeedsStream();
        const invocation = await invocations.take(name, body);
        return isStream ? stream(invocation, reply, invocations) : answer(invocation, reply);
      });
    }
  }

  app.post("/invocations/:eventId", { schema: { params: Id, body: Renewal } }, async ({ params, body }, reply) => {
    invocations.renew(params.eventId, body);
    return reply.code(204).send();
  });
  app.get("/invocations/:eventId", { schema: { params: Id } }, async ({ params }) => invocations.look(params.eventId));
  app.delete("/invocations/:eventId", { schema: { params: Id, querystring: Run } }, async ({ params, query }) =>
    invocations.cancel(params.eventId, query.run === undefined ? null : Number(query.run)),
  );
}

/** With a lease, losing the stream ends nothing: it can be joined again. Without one, the run goes with it. */
function stream(invocation: Invocation, reply: FastifyReply, invocations: Invocations): FastifyReply {
  const events = openEventStream(reply, () => invocations.isStopping);
  invocation.transcript.attach(events);
  events.onClose(() => {
    invocation.transcript.detach(events);
    if (!invocation.isLeased) void invocation.stop("connection");
  });
  return reply;
}

/** @throws FunctionProblem 500 `invocation.ended`: not 503, which would prove that the run never began */
async function answer(invocation: Invocation, reply: FastifyReply): Promise<Reply> {
  const onClose = () => void invocation.stop("connection");
  reply.raw.once("close", onClose);
  if (reply.raw.destroyed) onClose();
  const outcome = await invocation.over;
  if (outcome.reply !== null) return outcome.reply;
  const { clean, reason } = outcome.ended;
  throw new FunctionProblem({
    status: 500,
    code: "invocation.ended",
    detail: `The run ended without a reply. ${reason}${clean ? "" : " Something that it started may still be alive."}`,
  });
}
