// The table of runs: where each was started, and how it ended.
import type { DatabaseSync } from "node:sqlite";
import { fromBoolean } from "./columns.ts";
import type { Run } from "./types.ts";

interface RunRow {
  event_id: string;
  run: number;
  url: string;
  address: string;
  lease_ms: number | null;
  deadline_at: number | null;
  started_at: number;
  ended_at: number | null;
  is_clean: number | null;
  end_reason: string | null;
}

export function createRunTable(database: DatabaseSync) {
  const upsert = database.prepare(`
    INSERT INTO runs (event_id, run, url, address, lease_ms, deadline_at, started_at, ended_at, is_clean, end_reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (event_id, run) DO UPDATE SET url = excluded.url, address = excluded.address,
      lease_ms = excluded.lease_ms, deadline_at = excluded.deadline_at, started_at = excluded.started_at,
      ended_at = excluded.ended_at, is_clean = excluded.is_clean, end_reason = excluded.end_reason`);
  const selectOf = database.prepare(`
    SELECT event_id, run, url, address, lease_ms, deadline_at, started_at, ended_at, is_clean, end_reason
    FROM runs WHERE event_id = ? ORDER BY run`);

  return {
    put: (run: Run) =>
      void upsert.run(
        run.eventId,
        run.run,
        run.url,
        run.address,
        run.leaseMs,
        run.deadlineAt,
        run.startedAt,
        run.endedAt,
        run.isClean === null ? null : fromBoolean(run.isClean),
        run.endReason,
      ),
    /** Oldest first. */
    listOf: (eventId: string): Run[] => (selectOf.all(eventId) as unknown as RunRow[]).map(toRun),
  };
}

const toRun = (row: RunRow): Run => ({
  eventId: row.event_id,
  run: row.run,
  url: row.url,
  address: row.address,
  leaseMs: row.lease_ms,
  deadlineAt: row.deadline_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  isClean: row.is_clean === null ? null : row.is_clean === 1,
  endReason: row.end_reason,
});
