// /healthz: the process lives. /readyz: it does its work. /metrics: how much of it, for Prometheus.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { ApiParts } from "./parts.ts";

const Health = Type.Object({ status: Type.String() });

/** For whatever watches over the process: no key, and nothing to see. */
export const healthRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { phase, store }) => {
  const tags = ["health"];

  app.get(
    "/healthz",
    { logLevel: "warn", schema: { tags, summary: "Does it live?", response: { 200: Health } } },
    async () => ({ status: "ok" }),
  );

  app.get(
    "/readyz",
    {
      logLevel: "warn",
      schema: { tags, summary: "Does it work? Not while starting or stopping", response: { 200: Health, 503: Health } },
    },
    async (request, reply) => {
      const status = phase();
      if (status !== "ready") return reply.code(503).send({ status });
      try {
        await store.ping();
        return { status };
      } catch (error) {
        request.log.error({ err: error }, "the store cannot be written");
        return reply.code(503).send({ status: "the store cannot be written" });
      }
    },
  );
};

export const metricsRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { metrics }) => {
  app.get(
    "/metrics",
    {
      logLevel: "warn",
      schema: {
        tags: ["health"],
        summary: "Metrics for Prometheus",
        response: { 200: { description: "Prometheus text.", content: { "text/plain": { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics();
      return reply.type(contentType).send(text);
    },
  );
};
