// The table of stages: what each run said that it did, and how long. Bounded for each machine.
import type { DatabaseSync } from "node:sqlite";
import type { Decision, Stage } from "./types.ts";

/** Of each machine the newest; a delete that cannot succeed enters its stages again and again, for ever. */
export const stagesKept = 500;

export function createStageTable(database: DatabaseSync) {
  const selectOpen = database.prepare("SELECT stage FROM stages WHERE process_id = ? AND ended_at IS NULL");
  const endOpen = database.prepare("UPDATE stages SET ended_at = ? WHERE process_id = ? AND ended_at IS NULL");
  const insert = database.prepare(`
    INSERT INTO stages (machine_id, number, process_id, stage, started_at)
    VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM stages WHERE machine_id = ?1), ?2, ?3, ?4)
    RETURNING number`);
  const trim = database.prepare("DELETE FROM stages WHERE machine_id = ? AND number <= ?");
  const selectOf = database.prepare(`
    SELECT process_id AS processId, processes.name AS process, stage, stages.started_at AS startedAt,
      stages.ended_at AS endedAt
    FROM stages JOIN processes ON processes.id = stages.process_id
    WHERE stages.machine_id = ? ORDER BY stages.number`);

  return {
    /** Goes on from the open stage of the process to this one, or to none. */
    enter(machineId: string, { processId, stage, at }: NonNullable<Decision<unknown>["stage"]>): void {
      if (stage !== null && selectOpen.get(processId)?.stage === stage) return;
      endOpen.run(at, processId);
      if (stage === null) return;
      const number = insert.get(machineId, processId, stage, at)?.number as number;
      trim.run(machineId, number - stagesKept);
    },
    end: (processId: string, at: number) => void endOpen.run(at, processId),
    /** Oldest first. */
    listOf: (machineId: string): Stage[] => selectOf.all(machineId).map((row) => ({ ...row }) as unknown as Stage),
  };
}
