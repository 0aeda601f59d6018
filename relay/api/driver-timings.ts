// /v1/drivers/{name}/timings: what a driver's processes took before, so that whoever waits knows for how long.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { ApiParts } from "./parts.ts";
import { problemsOf } from "./schemas.ts";
import { TimingsView, viewTimings } from "./timings-view.ts";

/** The functions need not know it any more, nor be there: this is about the past. */
const DriverParams = Type.Object({
  name: Type.String({
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    "x-expected": "1 to 64 characters of 0-9 a-z A-Z . _ - that begin with a letter or digit",
  }),
});

export const driverTimingRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { store }) => {
  app.get(
    "/v1/drivers/:name/timings",
    {
      schema: {
        tags: ["drivers"],
        summary: "How long a driver's processes usually take",
        description: "From this relay's own newest processes that went well. Empty for a driver that never ran here.",
        params: DriverParams,
        response: { 200: TimingsView, ...problemsOf() },
      },
    },
    async ({ params: { name } }) => viewTimings(name, await store.listDurations(name)),
  );
};
