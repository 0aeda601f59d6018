// Reads how long processes that went well took: of each kind the newest few of one driver.
import type { DatabaseSync } from "node:sqlite";
import type { Duration, ProcessName } from "./types.ts";

/** Of each kind. What happened long ago says little about what will happen now. */
export const timedProcessesMax = 50;
const processNames = ["create", "bootstrap", "delete"] as const satisfies ProcessName[];

interface StageRow {
  processId: string;
  stage: string;
  startedAt: number;
  totalMs: number;
}

export function createDurationReads(database: DatabaseSync) {
  const selectDone = database.prepare(`
    SELECT id, started_at AS startedAt, ended_at - started_at AS totalMs FROM processes INDEXED BY processes_done
    WHERE outcome = 'done' AND driver = ? AND name = ? ORDER BY ended_at DESC LIMIT ${timedProcessesMax}`);
  const selectStages = database.prepare(`
    SELECT process_id AS processId, stage, min(started_at) AS startedAt, sum(ended_at - started_at) AS totalMs
    FROM stages WHERE process_id IN (SELECT value FROM json_each(?)) GROUP BY process_id, stage
    ORDER BY min(number)`);

  return {
    /** Newest first, kind by kind. */
    listOf: (driver: string): Duration[] =>
      processNames.flatMap((process) => {
        const done = selectDone.all(driver, process) as { id: string; startedAt: number; totalMs: number }[];
        const stages = selectStages.all(JSON.stringify(done.map(({ id }) => id))) as unknown as StageRow[];
        const byProcess = Map.groupBy(stages, ({ processId }) => processId);
        return done.map(({ id, startedAt, totalMs }) => ({
          process,
          totalMs: notNegative(totalMs),
          stages: (byProcess.get(id) ?? []).map((row) => ({
            stage: row.stage,
            afterMs: notNegative(row.startedAt - startedAt),
            totalMs: notNegative(row.totalMs),
          })),
        }));
      }),
  };
}

/** A clock may have been put back meanwhile. */
const notNegative = (durationMs: number): number => Math.max(0, durationMs);
