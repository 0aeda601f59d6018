// What agents say, and what they are answered: shapes for validation and for the OpenAPI page.
import Type from "typebox";
import {
  changesMax,
  containersMax,
  engineIdCharactersMax,
  hostNameCharactersMax,
  nameCharactersMax,
  tokenCharactersMax,
  versionCharactersMax,
} from "./limits.ts";

const Token = Type.String({ minLength: 1, maxLength: tokenCharactersMax });
const EngineVersion = Type.String({ minLength: 1, maxLength: versionCharactersMax });
const Name = Type.String({ maxLength: nameCharactersMax });

export const TokenBody = Type.Object({ token: Token }, { additionalProperties: false });
export type TokenBody = Type.Static<typeof TokenBody>;

/** An agent's own token, or a join token, which makes a machine for the host. */
export const Registration = Type.Object(
  {
    token: Token,
    /** Docker's own id of the engine: joining twice with it is one machine. Needed with a join token. */
    engineId: Type.Optional(Type.String({ minLength: 1, maxLength: engineIdCharactersMax })),
    /** The host's name. */
    name: Type.Optional(Type.String({ maxLength: hostNameCharactersMax })),
    engineVersion: Type.Optional(EngineVersion),
  },
  { additionalProperties: false },
);
export type Registration = Type.Static<typeof Registration>;

export const Registered = Type.Object({
  machineId: Type.String(),
  /** The agent's own from now on: keep it where a restart finds it. */
  token: Type.String(),
  reportEveryMs: Type.Integer(),
});
export type Registered = Type.Static<typeof Registered>;

export const Report = Type.Object(
  {
    token: Token,
    engineVersion: Type.Optional(EngineVersion),
    containers: Type.Array(Type.Object({ id: Name, name: Name, image: Name, state: Name }), {
      maxItems: containersMax,
    }),
    /** Names of containers that did so since the last report, in order. */
    started: Type.Optional(Type.Array(Name, { maxItems: changesMax })),
    stopped: Type.Optional(Type.Array(Name, { maxItems: changesMax })),
  },
  { additionalProperties: false },
);
export type Report = Type.Static<typeof Report>;

export const Heard = Type.Object({ machineId: Type.String(), state: Type.String() });
export type Heard = Type.Static<typeof Heard>;
