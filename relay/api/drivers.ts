// /v1/drivers: what the functions' docker-machine offers, read from its own help, and what it would be told to run.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { CommandView } from "./command-view.ts";
import { machineNameEnd, previewCommand } from "./driver-check.ts";
import { DriverView, viewDriver } from "./driver-view.ts";
import { CommandBody, checkName } from "./machine-input.ts";
import type { ApiParts } from "./parts.ts";
import { NameParams, problemsOf, takeNoneAsEmpty } from "./schemas.ts";

/** Until somebody has thought of one. */
const nameDefault = "name";

export const driverRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { functions }) => {
  const tags = ["drivers"];

  app.get(
    "/v1/drivers",
    {
      schema: {
        tags,
        summary: "List drivers",
        response: { 200: Type.Object({ drivers: Type.Array(DriverView) }), ...problemsOf(502) },
      },
    },
    async () => ({ drivers: (await functions.listDrivers()).map(viewDriver) }),
  );

  app.get(
    "/v1/drivers/:name",
    {
      schema: {
        tags,
        summary: "Look at a driver and its options",
        params: NameParams,
        response: { 200: DriverView, ...problemsOf(404, 502) },
      },
    },
    async ({ params }) => viewDriver(await functions.describeDriver(params.name)),
  );

  app.post(
    "/v1/drivers/:name/command",
    {
      schema: {
        tags,
        summary: "The line that a create with these options would run",
        description:
          "Nothing is run. What is wrong is refused as by `POST /v1/machines`, but nothing need be complete. No secret is " +
          "needed, because none is in the answer: any may be given as the mask, and so may the content of a file.",
        params: NameParams,
        body: CommandBody,
        response: { 200: CommandView, ...problemsOf(422, 502) },
      },
      preValidation: takeNoneAsEmpty,
    },
    async ({ params, body: { name = nameDefault, driverConfig = {}, engine = {} } }) => {
      checkName(name);
      return previewCommand(functions, params.name, { machineName: `${name}${machineNameEnd}`, driverConfig, engine });
    },
  );
};
