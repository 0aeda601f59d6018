// The line that joins a host which nobody created here.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Agents } from "../agents/agents.ts";
import { joinTokenMsDefault, joinTokenMsMax, joinTokenMsMin } from "../agents/limits.ts";
import { JoinView } from "./join-view.ts";
import type { ApiParts } from "./parts.ts";
import { problemsOf } from "./schemas.ts";

export const joinTokenRoutes: FastifyPluginAsyncTypebox<{ agents: Agents } & Pick<ApiParts, "agentUrl">> = async (
  app,
  { agents, agentUrl },
) => {
  app.post(
    "/v1/join-tokens",
    {
      schema: {
        tags: ["agents"],
        summary: "The line to paste on a host that shall join",
        description:
          "Starts the agent there, and the host becomes a machine with driver `joined`. Any number of hosts may join " +
          "with it until it expires. The token in the line is shown this once.",
        body: Type.Object(
          {
            labels: Type.Optional(
              Type.Record(Type.String({ minLength: 1, maxLength: 256 }), Type.String({ maxLength: 4096 }), {
                maxProperties: 200,
                description: "Of each machine that joins with it.",
              }),
            ),
            expiresInMs: Type.Optional(
              Type.Integer({ minimum: joinTokenMsMin, maximum: joinTokenMsMax, default: joinTokenMsDefault }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          201: JoinView,
          ...problemsOf(),
        },
      },
    },
    async ({ body }, reply) => {
      const made = await agents.createJoinToken(body);
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ ...made, warning: agentUrl().problem });
    },
  );
};
