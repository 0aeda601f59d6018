// /v1/about: which relay this is, and what it is put together from.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Driver, Driver as DriverSchema } from "../../functions/contract.ts";
import packageFile from "../../package.json" with { type: "json" };
import type { ApiParts } from "./parts.ts";
import { Nullable, problemsOf } from "./schemas.ts";

const AboutView = Type.Object({
  version: Type.String(),
  node: Type.String(),
  installationId: Type.String(),
  publicUrl: Type.String({ description: "Where agents reach this relay." }),
  publicUrlWarning: Nullable(Type.String()),
  agentListen: Nullable(Type.String()),
  requiresKey: Type.Boolean(),
  programs: Nullable(
    Type.Array(Type.Object({ name: Type.String(), version: Type.String(), path: Type.String() }), {
      description: "What the functions run; null: they cannot be reached.",
    }),
  ),
});

export const relayVersion = packageFile.version;

export const aboutRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { config, store, functions, agentUrl }) => {
  app.get(
    "/v1/about",
    { schema: { tags: ["about"], summary: "Which relay this is", response: { 200: AboutView, ...problemsOf() } } },
    async () => {
      const { agentListen, apiKeys } = config;
      const drivers = await functions.listDrivers().catch(() => null);
      return {
        version: relayVersion,
        node: process.version,
        installationId: store.installationId,
        publicUrl: agentUrl().url,
        publicUrlWarning: agentUrl().problem,
        agentListen: agentListen && `${agentListen.host}:${agentListen.port}`,
        requiresKey: apiKeys.length > 0,
        programs: drivers && programsOf(drivers),
      };
    },
  );
};

function programsOf(drivers: readonly Driver[]): NonNullable<Type.Static<typeof DriverSchema>["program"]>[] {
  const programs = drivers.flatMap(({ program }) => (program ? [program] : []));
  return [...new Map(programs.map((program) => [program.path, program])).values()];
}
