// What is kept of a machine: its history, its log, its archive, and archives that came from nobody entitled to send one.
import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { LogLineRecord, Store } from "../store/types.ts";
import { HistoryEntryView, LogLineView, StageView } from "./machine-records-view.ts";
import { requireMachine } from "./machines.ts";
import type { ApiParts } from "./parts.ts";
import { IdParams, Nullable, pageOf, pageQuery, problemsOf, readPage, Time } from "./schemas.ts";

const logLimitDefault = 200;
const logLimitMax = 1_000;

const HistoryQuery = Type.Object(
  {
    ...pageQuery,
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "The id of the last entry seen, in place of a cursor: what came since.",
      }),
    ),
  },
  { additionalProperties: false },
);
const LogQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: "The number of the last line seen." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: logLimitMax, default: logLimitDefault })),
    process: Type.Optional(Type.String({ maxLength: 200, description: "Of this process only." })),
  },
  { additionalProperties: false },
);

export const machineRecordRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { store }) => {
  const tags = ["machines"];

  app.get(
    "/v1/machines/:id/history",
    {
      schema: {
        tags,
        summary: "What happened to a machine, oldest first",
        params: IdParams,
        querystring: HistoryQuery,
        response: { 200: pageOf(HistoryEntryView), ...problemsOf(404) },
      },
    },
    async ({ params, query }) => {
      const { after, cursor } = query;
      if (after !== undefined && cursor !== undefined) {
        throw new RelayError("request.invalid", {
          message: "after and cursor each say where to begin: give one of them",
          field: "after",
          expected: "no after where a cursor is given",
          got: `${after}`,
        });
      }
      await requireMachine(store, params.id);
      return store.listHistory(params.id, { ...readPage(query), ...(after === undefined ? {} : { after }) });
    },
  );

  app.get(
    "/v1/machines/:id/stages",
    {
      schema: {
        tags,
        summary: "What its processes did, and from when to when, oldest first",
        description: "The newest few hundred, whole. A gap is time in which no run worked on the machine.",
        params: IdParams,
        response: { 200: Type.Object({ data: Type.Array(StageView) }), ...problemsOf(404) },
      },
    },
    async ({ params }) => {
      await requireMachine(store, params.id);
      return { data: await store.listStages(params.id) };
    },
  );

  app.get(
    "/v1/machines/:id/log",
    {
      schema: {
        tags,
        summary: "The lines that its programs printed",
        description: "JSON by the page, or with `Accept: text/plain` all lines at once.",
        params: IdParams,
        querystring: LogQuery,
        response: {
          200: {
            description: "The lines after that number.",
            content: {
              "application/json": {
                schema: Type.Object({ data: Type.Array(LogLineView), next: Nullable(Type.Integer()) }),
              },
              "text/plain": { schema: Type.Unsafe<Readable>({ type: "string" }) },
            },
          },
          ...problemsOf(404),
        },
      },
    },
    async ({ params, query, headers }, reply) => {
      await requireMachine(store, params.id);
      const { after = 0, limit = logLimitDefault, process } = query;
      const only = process === undefined ? {} : { processId: process };
      if (!headers.accept?.includes("text/plain")) return store.listLog(params.id, { after, limit, ...only });
      reply.type("text/plain; charset=utf-8");
      return reply.send(Readable.from(readLines(store, params.id, after, only)));
    },
  );

  app.get(
    "/v1/machines/:id/archive",
    {
      schema: {
        tags,
        summary: "docker-machine's directory for it, with certificates and keys",
        params: IdParams,
        response: {
          200: {
            description: "A tar.gz. Whoever has it has the machine.",
            content: { "application/gzip": { schema: Type.Unsafe<Buffer>({ type: "string", format: "binary" }) } },
          },
          ...problemsOf(404),
        },
      },
    },
    async ({ params }, reply) => {
      const { name } = await requireMachine(store, params.id);
      const archive = await store.getArchive(params.id);
      if (archive === null) {
        throw new RelayError("archive.none", { message: `${name} has no archive`, field: "id", got: params.id });
      }
      reply
        .type("application/gzip")
        .header("cache-control", "no-store")
        .header("content-disposition", `attachment; filename="${name}.tar.gz"`);
      return reply.send(Buffer.from(archive, "base64"));
    },
  );

  app.get(
    "/v1/machines/:id/strays",
    {
      schema: {
        tags,
        summary: "Archives that came from somebody who was not, or no longer, entitled to answer",
        params: IdParams,
        response: {
          200: Type.Object({
            data: Type.Array(Type.Object({ at: Time, reason: Type.String(), archiveBytes: Type.Integer() })),
          }),
          ...problemsOf(404),
        },
      },
    },
    async ({ params }) => {
      await requireMachine(store, params.id);
      const strays = await store.listStrays(params.id);
      return {
        data: strays.map(({ at, reason, archive }) => ({
          at,
          reason,
          archiveBytes: Buffer.byteLength(archive, "base64"),
        })),
      };
    },
  );
};

/** A page at a time, so that a slow reader costs no memory. */
async function* readLines(store: Store, machineId: string, after: number, only: { processId?: string }) {
  let position: number | null = after;
  while (position !== null) {
    const page: { data: LogLineRecord[]; next: number | null } = await store.listLog(machineId, {
      after: position,
      limit: logLimitMax,
      ...only,
    });
    if (page.data.length > 0) yield `${page.data.map(({ line }) => line).join("\n")}\n`;
    position = page.next;
  }
}
