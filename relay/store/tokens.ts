// The tables of tokens, which are known by their hashes only: those of agents, and those that let a host join.
import type { DatabaseSync } from "node:sqlite";

const day = 24 * 60 * 60 * 1000;
/** An expired join token is remembered so long, so that who uses it hears why it is refused. */
export const joinTokenKeptMs = 7 * day;

export interface JoinToken {
  createdAt: number;
  expiresAt: number;
  labels: Record<string, string>;
}

export function createTokenTables(database: DatabaseSync) {
  const upsertAgent = database.prepare(`
    INSERT INTO agent_tokens (hash, machine_id, generation) VALUES (?, ?, ?)
    ON CONFLICT (hash) DO UPDATE SET machine_id = excluded.machine_id, generation = excluded.generation`);
  const selectAgent = database.prepare("SELECT machine_id AS machineId, generation FROM agent_tokens WHERE hash = ?");
  const upsertJoin = database.prepare(`
    INSERT INTO join_tokens (hash, created_at, expires_at, labels) VALUES (?, ?, ?, ?)
    ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at, expires_at = excluded.expires_at,
      labels = excluded.labels`);
  const selectJoin = database.prepare("SELECT created_at, expires_at, labels FROM join_tokens WHERE hash = ?");
  const trimJoin = database.prepare("DELETE FROM join_tokens WHERE expires_at < ?");

  return {
    putAgent: (hash: string, machineId: string, generation: number) =>
      void upsertAgent.run(hash, machineId, generation),
    findAgent(hash: string): { machineId: string; generation: number } | null {
      const row = selectAgent.get(hash);
      return row === undefined ? null : { machineId: row.machineId as string, generation: row.generation as number };
    },

    putJoin(token: JoinToken & { hash: string }, now: number): void {
      trimJoin.run(now - joinTokenKeptMs);
      upsertJoin.run(token.hash, token.createdAt, token.expiresAt, JSON.stringify(token.labels));
    },
    /** Expired ones too, for a while: whether it still counts is the caller's to say. */
    findJoin(hash: string): JoinToken | null {
      const row = selectJoin.get(hash);
      if (row === undefined) return null;
      return {
        createdAt: row.created_at as number,
        expiresAt: row.expires_at as number,
        labels: JSON.parse(row.labels as string),
      };
    },
  };
}
