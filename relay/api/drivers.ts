// /v1/drivers: what the functions' docker-machine offers, read from its own help.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { Driver } from "../../functions/contract.ts";
import type { ApiParts } from "./parts.ts";
import { NameParams, problemsOf } from "./schemas.ts";

export const driverRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { functions }) => {
  const tags = ["drivers"];

  app.get(
    "/v1/drivers",
    {
      schema: {
        tags,
        summary: "List drivers",
        response: { 200: Type.Object({ drivers: Type.Array(Driver) }), ...problemsOf(502) },
      },
    },
    async () => ({ drivers: await functions.listDrivers() }),
  );

  app.get(
    "/v1/drivers/:name",
    {
      schema: {
        tags,
        summary: "Look at a driver and its options",
        params: NameParams,
        response: { 200: Driver, ...problemsOf(404, 502) },
      },
    },
    async ({ params }) => functions.describeDriver(params.name),
  );
};
