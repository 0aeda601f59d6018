// What agents call, each by its token: scripts, registration, reports. On the relay's own listener and on the one for
// agents alone. And what an operator may ask of an agent.
import formbody from "@fastify/formbody";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Agents } from "../agents/agents.ts";
import { reportBytesMax, tokenCharactersMax } from "../agents/limits.ts";
import { Heard, Registered, Registration, Report, TokenBody } from "../agents/messages.ts";
import type { Machine } from "../store/types.ts";
import { IdParams, problemsOf } from "./schemas.ts";

const tags = ["agents"];
const scriptType = "text/x-shellscript; charset=utf-8";
const ScriptAnswer = {
  description: "A POSIX shell script.",
  content: { "text/x-shellscript": { schema: Type.String() } },
};

/** No key is asked for here: the token in the request says who is calling. */
export const agentRoutes: FastifyPluginAsyncTypebox<{ agents: Agents }> = async (app, { agents }) => {
  if (!app.hasContentTypeParser("application/x-www-form-urlencoded")) await app.register(formbody);
  const { hosts } = agents;

  app.get(
    "/v1/scripts/:token",
    {
      schema: {
        tags,
        summary: "The agent's script, for `sh`",
        params: Type.Object({ token: Type.String({ maxLength: tokenCharactersMax }) }),
        response: { 200: ScriptAnswer, ...problemsOf(404, 410) },
      },
    },
    async ({ params }, reply) => {
      const script = await agents.script(params.token, { evenIfGone: false });
      return reply.type(scriptType).header("cache-control", "no-store").send(script);
    },
  );

  app.post(
    "/v1/scripts",
    {
      schema: {
        tags,
        summary: "The agent's script, with the token in the body (JSON or form)",
        description:
          "What an agent fetches at each start. The token is in no URL, so it is in no process list. An agent whose " +
          "machine is deleted gets the script too, because the script knows how to end it.",
        body: TokenBody,
        response: { 200: ScriptAnswer, ...problemsOf(404) },
      },
    },
    async ({ body }, reply) => {
      const script = await agents.script(body.token, { evenIfGone: true });
      return reply.type(scriptType).header("cache-control", "no-store").send(script);
    },
  );

  app.post(
    "/v1/agents/register",
    {
      schema: {
        tags,
        summary: "An agent says that it is there",
        description: "With a join token the host becomes a machine; registering again is registering once.",
        body: Registration,
        response: { 200: Registered, ...problemsOf(404, 410) },
      },
    },
    async ({ body }) => hosts.register(body),
  );

  app.post(
    "/v1/agents/report",
    {
      bodyLimit: reportBytesMax,
      schema: {
        tags,
        summary: "What runs on the host",
        description: "Sent every few seconds. 410 tells the agent to end itself.",
        body: Report,
        response: { 200: Heard, ...problemsOf(404, 410) },
      },
    },
    async ({ body }) => answer(await hosts.report(body)),
  );

  app.post(
    "/v1/agents/leave",
    {
      schema: {
        tags,
        summary: "An agent's last words",
        body: TokenBody,
        response: { 200: Heard, ...problemsOf(404, 410) },
      },
    },
    async ({ body }) => answer(await hosts.leave(body.token)),
  );
};

/** For operators: on the relay's own listener, behind their key. */
export const agentOperatorRoutes: FastifyPluginAsyncTypebox<{ agents: Agents }> = async (app, { agents }) => {
  app.post(
    "/v1/machines/:id/report",
    {
      schema: {
        tags,
        summary: "Asks the machine's agent to report now",
        params: IdParams,
        response: { 202: Heard, ...problemsOf(404, 409) },
      },
    },
    async ({ params }, reply) => reply.code(202).send(answer(await agents.requestReport(params.id))),
  );
};

function answer({ id, host }: Machine): Heard {
  return { machineId: id, state: host?.state ?? "none" };
}
