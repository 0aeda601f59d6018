// /v1/about: which relay this is, and what it is put together from.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Driver } from "../../functions/contract.ts";
import packageFile from "../../package.json" with { type: "json" };
import { AboutView } from "./about-view.ts";
import type { ApiParts } from "./parts.ts";
import { problemsOf } from "./schemas.ts";

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

function programsOf(drivers: readonly Driver[]): NonNullable<Driver["program"]>[] {
  const programs = drivers.flatMap(({ program }) => (program ? [program] : []));
  return [...new Map(programs.map((program) => [program.path, program])).values()];
}
