// The table of log lines: of each process the start and the end, because a program may print for ever.
import type { DatabaseSync } from "node:sqlite";
import { rowsToRead } from "./pages.ts";
import type { LogLineRecord, NewLogLine, NumberedLogLine } from "./types.ts";

/** Of each process; what lies between is dropped as it grows. */
export const logLinesFirstKept = 500;
export const logLinesLastKept = 2_000;

interface LogRow {
  number: number;
  process_id: string;
  at: number;
  stream: LogLineRecord["stream"];
  line: string;
}

export function createLogTables(database: DatabaseSync) {
  const insert = database.prepare(
    "INSERT INTO log_lines (machine_id, number, process_id, at, stream, line) VALUES (?, ?, ?, ?, ?, ?)",
  );
  // Counts outlive the lines, so that no number is ever given twice.
  const selectLastNumber = database.prepare(
    "SELECT coalesce(sum(lines), 0) AS number FROM log_counts WHERE machine_id = ?",
  );
  const addCount = database.prepare(`
    INSERT INTO log_counts (machine_id, process_id, lines) VALUES (?, ?, ?)
    ON CONFLICT (machine_id, process_id) DO UPDATE SET lines = lines + excluded.lines RETURNING lines`);
  const trim = database.prepare(`
    DELETE FROM log_lines WHERE machine_id = :machineId AND process_id = :processId
      AND number > (SELECT number FROM log_lines WHERE process_id = :processId
        ORDER BY number LIMIT 1 OFFSET ${logLinesFirstKept - 1})
      AND number <= (SELECT number FROM log_lines WHERE process_id = :processId
        ORDER BY number DESC LIMIT 1 OFFSET ${logLinesLastKept})`);
  const selectAll = database.prepare(`
    SELECT number, process_id, at, stream, line FROM log_lines
    WHERE machine_id = ? AND number > ? ORDER BY number LIMIT ?`);
  const selectOfProcess = database.prepare(`
    SELECT number, process_id, at, stream, line FROM log_lines
    WHERE machine_id = ? AND number > ? AND process_id = ? ORDER BY number LIMIT ?`);
  const removeAll = database.prepare("DELETE FROM log_lines WHERE machine_id = ?");

  return {
    append(machineId: string, processId: string, lines: readonly NewLogLine[]): NumberedLogLine[] {
      const last = selectLastNumber.get(machineId)?.number as number;
      const numbered = lines.map((line, index) => ({ number: last + index + 1, ...line }));
      for (const { number, at, stream, line } of numbered) insert.run(machineId, number, processId, at, stream, line);
      const count = addCount.get(machineId, processId, lines.length)?.lines as number;
      if (count > logLinesFirstKept + logLinesLastKept) trim.run({ machineId, processId });
      return numbered;
    },

    /** Ascending, those after a number. `next`: give it back as `after`. */
    list(
      machineId: string,
      page: { limit: number; after: number; processId?: string },
    ): { data: LogLineRecord[]; next: number | null } {
      const rowCount = rowsToRead(page.limit);
      const rows = (page.processId === undefined
        ? selectAll.all(machineId, page.after, rowCount)
        : selectOfProcess.all(machineId, page.after, page.processId, rowCount)) as unknown as LogRow[];
      const data = rows.slice(0, rowCount - 1).map(toLine);
      return { data, next: rows.length > data.length ? (data.at(-1)?.number ?? null) : null };
    },

    removeAll: (machineId: string) => void removeAll.run(machineId),
  };
}

const toLine = (row: LogRow): LogLineRecord => ({
  number: row.number,
  processId: row.process_id,
  at: row.at,
  stream: row.stream,
  line: row.line,
});
