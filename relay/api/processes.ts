// /v1/processes: one run of create, bootstrap or delete each, and what its handlers have said so far.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { Process } from "../store/types.ts";
import type { ApiParts } from "./parts.ts";
import { Failure, IdParams, Nullable, pageOf, pageQuery, problemsOf, readPage, Time } from "./schemas.ts";

const ProcessView = Type.Object({
  id: Type.String(),
  name: Type.Enum(["create", "bootstrap", "delete"]),
  resourceType: Type.Literal("machine"),
  resourceId: Type.String(),
  state: Type.Enum(["queued", "running", "waiting", "cancelling", "ended"]),
  outcome: Nullable(Type.Enum(["done", "error", "cancelled", "forgotten"])),
  waitingFor: Nullable(Type.String()),
  attempt: Type.Integer(),
  run: Type.Integer({ description: "Of the current handler; 0 before the first." }),
  nextFireAt: Nullable(Time),
  failures: Type.Integer({ description: "Firings in a row that nobody answered." }),
  error: Nullable(Failure),
  handlers: Type.Array(
    Type.Object({
      name: Type.String(),
      eventId: Type.String(),
      state: Type.Enum(["pending", "active", "done", "skipped"]),
      attempt: Type.Integer(),
      run: Type.Integer(),
      startedAt: Nullable(Time),
      endedAt: Nullable(Time),
    }),
    { description: "In order: the next is asked when the one before has replied `no`." },
  ),
  createdAt: Time,
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
});

const ListQuery = Type.Object(
  {
    ...pageQuery,
    machine: Type.Optional(Type.String({ maxLength: 200, description: "The id of a machine." })),
    open: Type.Optional(Type.Boolean({ description: "true: not ended yet; false: ended." })),
  },
  { additionalProperties: false },
);

export const processRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { store, processServer }) => {
  const tags = ["processes"];

  app.get(
    "/v1/processes",
    {
      schema: {
        tags,
        summary: "List processes",
        querystring: ListQuery,
        response: { 200: pageOf(ProcessView), ...problemsOf() },
      },
    },
    async ({ query }) => {
      const { machine, open } = query;
      const filter = {
        ...(machine === undefined ? {} : { machineId: machine }),
        ...(open === undefined ? {} : { isOpen: open }),
      };
      const page = await store.listProcesses(filter, readPage(query));
      return { data: page.data.map(viewProcess), next: page.next };
    },
  );

  app.get(
    "/v1/processes/:id",
    {
      schema: {
        tags,
        summary: "Look at a process",
        params: IdParams,
        response: { 200: ProcessView, ...problemsOf(404) },
      },
    },
    async ({ params: { id } }) => {
      const process = await store.getProcess(id);
      if (process) return viewProcess(process);
      throw new RelayError("process.unknown", {
        message: `there is no process ${JSON.stringify(id)}`,
        field: "id",
        expected: "the id of a process",
        got: JSON.stringify(id),
      });
    },
  );

  app.post(
    "/v1/processes/:id/fire",
    {
      schema: {
        tags,
        summary: "Try now, without waiting for the next firing's time",
        params: IdParams,
        response: { 202: ProcessView, ...problemsOf(404, 409) },
      },
    },
    async ({ params }, reply) => {
      reply.code(202);
      return viewProcess(await processServer.fireProcess(params.id));
    },
  );
};

export function viewProcess({ steps, ...process }: Process): Type.Static<typeof ProcessView> {
  const { id, name, resourceType, resourceId, state, outcome, waitingFor, attempt, nextFireAt } = process;
  const { failures, error, createdAt, startedAt, endedAt } = process;
  return {
    id,
    name,
    resourceType,
    resourceId,
    state,
    outcome,
    waitingFor,
    attempt,
    run: steps.find((step) => step.state === "active")?.run ?? 0,
    nextFireAt,
    failures,
    error,
    handlers: steps
      .toSorted((one, other) => one.position - other.position)
      .map((step) => ({
        name: step.handler,
        eventId: step.eventId,
        state: step.state,
        attempt: step.attempt,
        run: step.run,
        startedAt: step.startedAt,
        endedAt: step.endedAt,
      })),
    createdAt,
    startedAt,
    endedAt,
  };
}
