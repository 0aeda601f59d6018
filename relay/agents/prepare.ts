// Gets a machine's agent ready to be launched: called each time the event of bootstrap is fired.
import type { AgentLaunch } from "../../functions/contract.ts";
import type { Machine } from "../store/types.ts";
import { type AgentSettings, agentLaunch } from "./launch.ts";
import type { AgentTokens } from "./tokens.ts";

/** The token's hash is on disk before anybody can start an agent with it. Every call gives the same launch. */
export type PrepareAgent = (machine: Machine) => Promise<AgentLaunch>;

export function createPrepareAgent({
  tokens,
  settings,
}: {
  tokens: AgentTokens;
  settings: AgentSettings;
}): PrepareAgent {
  return async (machine) => agentLaunch(await tokens.issue(machine), settings);
}
