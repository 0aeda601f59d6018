// HTTP for what docker-machine offers here: which drivers, the options of one, and the line to run.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { closest } from "fastest-levenshtein";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { type CommandPreview, CommandRequest, type Driver } from "../contract.ts";
import { FunctionProblem } from "../problem.ts";

/** Options may hold keys and scripts; the relay takes half as much from whoever asks it. */
const commandBytesMax = 2 * 1024 * 1024;
const Name = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) });

export interface DriverCatalogue {
  /** Without options. */
  list(): Promise<Driver[]>;
  /** Null: nobody knows this driver. */
  find(name: string): Promise<Driver | null>;
  /** @throws FunctionProblem 422, as a create would */
  previewCommand(name: string, request: CommandRequest): Promise<CommandPreview>;
}

export function addDriverRoutes(instance: FastifyInstance, catalogue: DriverCatalogue): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get("/drivers", async () => ({ drivers: await catalogue.list() }));
  app.get("/drivers/:name", { schema: { params: Name } }, async ({ params: { name } }) => {
    const driver = await catalogue.find(name);
    if (driver === null) throw await driverUnknown(name, catalogue);
    return driver;
  });
  app.post(
    "/drivers/:name/command",
    { bodyLimit: commandBytesMax, schema: { params: Name, body: CommandRequest } },
    async ({ params: { name }, body }) => catalogue.previewCommand(name, body),
  );
}

async function driverUnknown(name: string, catalogue: DriverCatalogue): Promise<FunctionProblem> {
  const names = (await catalogue.list()).map((driver) => driver.name);
  const nearest = names.length === 0 ? null : closest(name, names);
  return new FunctionProblem({
    status: 404,
    code: "driver.unknown",
    detail: `There is no driver ${JSON.stringify(name)}.${nearest === null ? "" : ` The nearest name is ${nearest}.`}`,
    field: "name",
    ...(nearest === null ? {} : { expected: `a driver that is known here, such as ${nearest}` }),
    got: name,
  });
}
