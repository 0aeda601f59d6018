// Makes the line that joins a host. Its token is shown in that line alone; the store keeps a hash.
import type { Store } from "../store/types.ts";
import { type AgentSettings, agentLaunch, joinLine } from "./launch.ts";
import { joinTokenMsDefault } from "./limits.ts";
import { hashToken, newJoinToken } from "./tokens.ts";

export interface JoinToken {
  /** For a shell of the host that shall join. Any number of hosts may, until it expires. */
  line: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export type CreateJoinToken = (wish: { labels?: Record<string, string>; expiresInMs?: number }) => Promise<JoinToken>;

export function createJoinTokens({
  store,
  settings,
  now,
}: {
  store: Pick<Store, "saveJoinToken">;
  settings: AgentSettings;
  now: () => number;
}): CreateJoinToken {
  return async ({ labels = {}, expiresInMs = joinTokenMsDefault }) => {
    const token = newJoinToken();
    const createdAt = now();
    const expiresAt = createdAt + expiresInMs;
    await store.saveJoinToken({ hash: hashToken(token), createdAt, expiresAt, labels });
    return { line: joinLine(agentLaunch(token, settings)), expiresAt };
  };
}
