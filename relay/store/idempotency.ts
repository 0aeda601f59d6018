// The table of idempotency keys: which machine a create with this key has made.
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";

const hour = 60 * 60 * 1000;
/** After this a key is new again. */
export const idempotencyKeptMs = 24 * hour;

export function createIdempotencyTable(database: DatabaseSync) {
  const trim = database.prepare("DELETE FROM idempotency_keys WHERE created_at <= ?");
  const select = database.prepare(
    "SELECT request_hash AS requestHash, machine_id AS machineId FROM idempotency_keys WHERE key = ?",
  );
  const insert = database.prepare(
    "INSERT INTO idempotency_keys (key, request_hash, machine_id, created_at) VALUES (?, ?, ?, ?)",
  );

  return {
    /**
     * @returns the id of the machine that was made then; null when the key is new
     * @throws RelayError `idempotency.conflict` when the key was used for another request
     */
    find(idempotency: { key: string; requestHash: string }, now: number): string | null {
      trim.run(now - idempotencyKeptMs);
      const row = select.get(idempotency.key);
      if (row === undefined) return null;
      if (row.requestHash === idempotency.requestHash) return row.machineId as string;
      throw new RelayError("idempotency.conflict", {
        message: "This Idempotency-Key was used for another request",
        field: "Idempotency-Key",
        expected: "a new key, or the same request as before",
        got: "the key of another request",
      });
    },
    put: (idempotency: { key: string; requestHash: string }, machineId: string, now: number) =>
      void insert.run(idempotency.key, idempotency.requestHash, machineId, now),
  };
}
