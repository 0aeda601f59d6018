// /v1/processes: one run of create, bootstrap or delete each, and what its handlers have said so far.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { ApiParts } from "./parts.ts";
import { ProcessView, viewProcess } from "./process-view.ts";
import { IdParams, pageOf, pageQuery, problemsOf, readPage } from "./schemas.ts";

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
