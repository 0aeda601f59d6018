// The table of the machines' histories. Bounded, because a delete that cannot succeed is tried, and shown, for ever.
import type { DatabaseSync } from "node:sqlite";
import type { Cursors } from "./cursors.ts";
import { rowsToRead, toPage } from "./pages.ts";
import type { HistoryEntry, NewHistoryEntry, Page } from "./types.ts";

/** Of each machine: how it began, and what happened lately. In between goes. */
export const historyFirstKept = 1_000;
export const historyLastKept = 9_000;
/** Looking for what must go costs, so it is done once in so many entries. */
const trimEvery = 100;

interface HistoryRow {
  id: number;
  machine_id: string;
  process_id: string | null;
  event_id: string | null;
  at: number;
  kind: string;
  message: string;
  attempt: number | null;
  run: number | null;
}

export function createHistoryTable(database: DatabaseSync, cursors: Cursors) {
  const insert = database.prepare(`
    INSERT INTO history (machine_id, id, process_id, event_id, at, kind, message, attempt, run)
    VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM history WHERE machine_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    RETURNING id`);
  const trim = database.prepare("DELETE FROM history WHERE machine_id = ? AND id > ? AND id <= ?");
  const select = database.prepare(`
    SELECT id, machine_id, process_id, event_id, at, kind, message, attempt, run FROM history
    WHERE machine_id = ? AND id > ? ORDER BY id LIMIT ?`);

  return {
    append(machineId: string, entry: NewHistoryEntry, now: number): void {
      const row = insert.get(
        machineId,
        entry.processId,
        entry.eventId,
        entry.at ?? now,
        entry.kind,
        entry.message,
        entry.attempt,
        entry.run,
      );
      const id = row?.id as number;
      if (id % trimEvery === 0) trim.run(machineId, historyFirstKept, id - historyLastKept);
    },

    /** Oldest first. */
    list(machineId: string, page: { limit: number; cursor: string | null; after?: number }): Page<HistoryEntry> {
      const list = `history:${machineId}`;
      const [after] = page.cursor === null ? [page.after ?? 0] : cursors.read(list, page.cursor);
      const rows = select.all(machineId, after as number, rowsToRead(page.limit)) as unknown as HistoryRow[];
      return toPage(rows, page.limit, toEntry, (last) => cursors.write(list, [last.id]));
    },
  };
}

const toEntry = (row: HistoryRow): HistoryEntry => ({
  id: row.id,
  machineId: row.machine_id,
  processId: row.process_id,
  eventId: row.event_id,
  at: row.at,
  kind: row.kind,
  message: row.message,
  attempt: row.attempt,
  run: row.run,
});
