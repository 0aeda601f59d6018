// The tables of processes and their steps: a process is always read and written whole.
import type { DatabaseSync } from "node:sqlite";
import { fromJson, toJson } from "./columns.ts";
import type { Cursors } from "./cursors.ts";
import { rowsToRead, toPage } from "./pages.ts";
import type { Page, Process, ProcessName, Step } from "./types.ts";

interface ProcessRow {
  number: number;
  id: string;
  machine_id: string;
  name: ProcessName;
  state: Process["state"];
  outcome: Process["outcome"];
  waiting_for: string | null;
  attempt: number;
  next_fire_at: number | null;
  failures: number;
  error: string | null;
  cancelled_at: number | null;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
}

interface StepRow {
  event_id: string;
  process_id: string;
  position: number;
  handler: string;
  state: Step["state"];
  attempt: number;
  run: number;
  started_at: number | null;
  ended_at: number | null;
}

const columns = `number, id, machine_id, name, state, outcome, waiting_for, attempt, next_fire_at, failures, error,
  cancelled_at, created_at, started_at, ended_at`;

// The few open processes stand among many that have ended, which SQLite cannot know: so the index is named where it counts.
const openProcesses = "processes INDEXED BY processes_open WHERE state <> 'ended'";

/** Newest first. */
const listSql = (from: string) => `SELECT ${columns} FROM ${from} AND number < ? ORDER BY number DESC LIMIT ?`;

/** @param claimedBy names this open of the store: the claims of every other one ended with its lock */
export function createProcessTables(database: DatabaseSync, cursors: Cursors, claimedBy: string) {
  const upsert = database.prepare(`
    INSERT INTO processes (id, machine_id, name, state, outcome, waiting_for, attempt, next_fire_at, failures, error,
      cancelled_at, created_at, started_at, ended_at, claimed_by, driver)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
      (SELECT driver FROM machines WHERE id = ?2))
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, outcome = excluded.outcome,
      waiting_for = excluded.waiting_for, attempt = excluded.attempt, next_fire_at = excluded.next_fire_at,
      failures = excluded.failures, error = excluded.error, cancelled_at = excluded.cancelled_at,
      started_at = excluded.started_at, ended_at = excluded.ended_at, claimed_by = excluded.claimed_by`);
  const upsertStep = database.prepare(`
    INSERT INTO steps (event_id, process_id, position, handler, state, attempt, run, started_at, ended_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (event_id) DO UPDATE SET position = excluded.position, handler = excluded.handler,
      state = excluded.state, attempt = excluded.attempt, run = excluded.run, started_at = excluded.started_at,
      ended_at = excluded.ended_at`);
  const removeOtherSteps = database.prepare(`
    DELETE FROM steps WHERE process_id = ? AND event_id NOT IN (SELECT value FROM json_each(?))`);
  const countSteps = database.prepare("SELECT count(*) AS count FROM steps WHERE process_id = ?");
  const select = database.prepare(`SELECT ${columns} FROM processes WHERE id = ?`);
  const selectSteps = database.prepare(`
    SELECT event_id, process_id, position, handler, state, attempt, run, started_at, ended_at
    FROM steps WHERE process_id = ? ORDER BY position`);
  const selectOpenOf = database.prepare(`SELECT ${columns} FROM ${openProcesses} AND machine_id = ? ORDER BY number`);
  const selectCurrentOf = database.prepare(`
    SELECT ${columns} FROM processes WHERE number IN (
      SELECT min(number) FROM ${openProcesses}
        AND machine_id IN (SELECT value FROM json_each(?)) GROUP BY machine_id)
    ORDER BY number`);
  const selectLastOf = database.prepare(`
    SELECT ${columns} FROM processes WHERE machine_id = ? AND state = 'ended'
    ORDER BY ended_at DESC, number DESC LIMIT 1`);
  const lists = {
    all: database.prepare(listSql("processes WHERE 1")),
    open: database.prepare(listSql(openProcesses)),
    ended: database.prepare(listSql("processes WHERE state = 'ended'")),
    allOfMachine: database.prepare(listSql("processes WHERE machine_id = ?")),
    openOfMachine: database.prepare(listSql(`${openProcesses} AND machine_id = ?`)),
    endedOfMachine: database.prepare(listSql("processes WHERE state = 'ended' AND machine_id = ?")),
  };
  const claimOpen = database.prepare("UPDATE processes SET claimed_by = ? WHERE state <> 'ended'");
  const selectToResume = database.prepare(`
    SELECT id, machine_id AS machineId, state FROM processes INDEXED BY processes_current
    WHERE state IN ('running', 'waiting', 'cancelling') ORDER BY number`);
  const countByState = database.prepare(`
    SELECT state, count(*) AS count FROM ${openProcesses} GROUP BY state
    UNION ALL SELECT 'ended', count(*) FROM processes INDEXED BY processes_ended WHERE state = 'ended'`);
  const selectEvent = database.prepare(`
    SELECT processes.machine_id AS machineId, steps.process_id AS processId
    FROM steps JOIN processes ON processes.id = steps.process_id WHERE steps.event_id = ?`);

  const toProcess = (row: ProcessRow): Process => ({
    id: row.id,
    resourceType: "machine",
    resourceId: row.machine_id,
    name: row.name,
    state: row.state,
    outcome: row.outcome,
    waitingFor: row.waiting_for,
    steps: (selectSteps.all(row.id) as unknown as StepRow[]).map(toStep),
    attempt: row.attempt,
    nextFireAt: row.next_fire_at,
    failures: row.failures,
    error: toJson(row.error),
    cancelledAt: row.cancelled_at,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  });
  const toProcessOrNull = (row: unknown) => (row === undefined ? null : toProcess(row as ProcessRow));

  function put(process: Process): void {
    upsert.run(
      process.id,
      process.resourceId,
      process.name,
      process.state,
      process.outcome,
      process.waitingFor,
      process.attempt,
      process.nextFireAt,
      process.failures,
      fromJson(process.error),
      process.cancelledAt,
      process.createdAt,
      process.startedAt,
      process.endedAt,
      process.state === "ended" ? null : claimedBy,
    );
    for (const step of process.steps) {
      upsertStep.run(
        step.eventId,
        process.id,
        step.position,
        step.handler,
        step.state,
        step.attempt,
        step.run,
        step.startedAt,
        step.endedAt,
      );
    }
    // A step that has a run cannot go: the run refers to it, and nothing that may live is forgotten.
    if ((countSteps.get(process.id)?.count as number) > process.steps.length) {
      removeOtherSteps.run(process.id, JSON.stringify(process.steps.map((step) => step.eventId)));
    }
  }

  return {
    /** Those that end are written first, so that one may end and the next begin in the same decision. */
    putAll(processes: readonly Process[]): void {
      for (const process of processes) if (process.state === "ended") put(process);
      for (const process of processes) if (process.state !== "ended") put(process);
    },
    get: (id: string): Process | null => toProcessOrNull(select.get(id)),
    /** Oldest first. */
    listOpenOf: (machineId: string): Process[] =>
      (selectOpenOf.all(machineId) as unknown as ProcessRow[]).map(toProcess),
    /** Of each machine the oldest open one, if it has any. */
    listCurrentOf: (machineIds: readonly string[]): Process[] =>
      (selectCurrentOf.all(JSON.stringify(machineIds)) as unknown as ProcessRow[]).map(toProcess),
    lastOf: (machineId: string): Process | null => toProcessOrNull(selectLastOf.get(machineId)),

    /** Newest first. */
    list(
      filter: { machineId?: string; isOpen?: boolean },
      page: { limit: number; cursor: string | null },
    ): Page<Process> {
      const [before] = page.cursor === null ? [Number.MAX_SAFE_INTEGER] : cursors.read("processes", page.cursor);
      const which = filter.isOpen === undefined ? "all" : filter.isOpen ? "open" : "ended";
      const place = [before as number, rowsToRead(page.limit)];
      const rows =
        filter.machineId === undefined
          ? lists[which].all(...place)
          : lists[`${which}OfMachine`].all(filter.machineId, ...place);
      return toPage(rows as unknown as ProcessRow[], page.limit, toProcess, (last) =>
        cursors.write("processes", [last.number]),
      );
    },

    /** Oldest first. Takes over every claim, also of those that wait for their turn. */
    claimOpen(): { id: string; machineId: string; state: Process["state"] }[] {
      claimOpen.run(claimedBy);
      return selectToResume.all().map((row) => ({
        id: row.id as string,
        machineId: row.machineId as string,
        state: row.state as Process["state"],
      }));
    },

    countByState: (): Record<string, number> =>
      Object.fromEntries(countByState.all().map((row) => [row.state as string, row.count as number])),

    findEvent(eventId: string): { machineId: string; processId: string } | null {
      const row = selectEvent.get(eventId);
      return row === undefined ? null : { machineId: row.machineId as string, processId: row.processId as string };
    },
  };
}

const toStep = (row: StepRow): Step => ({
  eventId: row.event_id,
  processId: row.process_id,
  position: row.position,
  handler: row.handler,
  state: row.state,
  attempt: row.attempt,
  run: row.run,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});
