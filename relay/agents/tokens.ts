// Which machine's agent is speaking? A token is computed from machine and generation, so that every firing of bootstrap
// launches the same one; only its hash is kept.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { RelayError } from "../errors.ts";
import type { Machine, Store } from "../store/types.ts";

export const agentTokenPrefix = "agt_";
export const joinTokenPrefix = "jnt_";

/** What a token turned out to be. `over`: its machine is deleted, or the token was replaced. */
export type TokenOwner = { kind: "agent"; machine: Machine } | { kind: "over"; machine: Machine | null };

export interface AgentTokens {
  /** The token of this machine's agent, always the same for one generation. Its hash is on disk when this resolves. */
  issue(machine: Machine): Promise<string>;
  /** @throws RelayError `token.unknown` */
  find(token: string): Promise<TokenOwner>;
  /**
   * The machine whose agent this is.
   * @throws RelayError `token.unknown`; `machine.gone` tells an agent to end itself
   */
  authenticate(token: string): Promise<Machine>;
}

export function createAgentTokens(
  store: Pick<Store, "deriveKey" | "saveAgentToken" | "findAgentToken" | "getMachine">,
): AgentTokens {
  const key = store.deriveKey("agent");
  const tokens: AgentTokens = {
    async issue(machine) {
      const token = computeAgentToken(key, machine.id, machine.agentGeneration);
      await store.saveAgentToken(hashToken(token), machine.id, machine.agentGeneration);
      return token;
    },
    async find(token) {
      // Other hashes share the table (see join.ts): only what looks like a token may be one.
      const found = token.startsWith(agentTokenPrefix) ? await store.findAgentToken(hashToken(token)) : null;
      if (!found) throw unknownToken();
      const machine = await store.getMachine(found.machineId);
      const isCurrent = machine !== null && machine.state !== "deleted" && machine.agentGeneration === found.generation;
      return isCurrent ? { kind: "agent", machine } : { kind: "over", machine };
    },
    async authenticate(token) {
      const owner = await tokens.find(token);
      if (owner.kind === "over") throw goneMachine();
      return owner.machine;
    },
  };
  return tokens;
}

export function computeAgentToken(key: Buffer, machineId: string, generation: number): string {
  return agentTokenPrefix + createHmac("sha256", key).update(`${machineId}:${generation}`).digest("base64url");
}

export function newJoinToken(): string {
  return joinTokenPrefix + randomBytes(32).toString("base64url");
}

/** What the store knows of a token. Tokens hold 256 random bits, so a plain hash cannot be turned back. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function unknownToken(message = "No agent has this token."): RelayError {
  return new RelayError("token.unknown", { message, field: "token" });
}

export function goneMachine(): RelayError {
  return new RelayError("machine.gone", {
    message: "The machine of this agent is deleted, or another agent has taken over. The agent should end itself.",
  });
}
