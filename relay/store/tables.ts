// All tables over one database.
import type { DatabaseSync } from "node:sqlite";
import { createArchiveTables } from "./archives.ts";
import type { Cursors } from "./cursors.ts";
import { createDurationReads } from "./durations.ts";
import { createHandlerTable } from "./handlers.ts";
import { createHistoryTable } from "./history.ts";
import { createIdempotencyTable } from "./idempotency.ts";
import { createLogTables } from "./log.ts";
import { createMachineTable } from "./machines.ts";
import { createProcessTables } from "./processes.ts";
import { createRunTable } from "./runs.ts";
import type { Sealing } from "./sealing.ts";
import { createStageTable } from "./stages.ts";
import { createTokenTables } from "./tokens.ts";

export function createTables(database: DatabaseSync, sealing: Sealing, cursors: Cursors, claimedBy: string) {
  return {
    machines: createMachineTable(database, sealing, cursors),
    archives: createArchiveTables(database, sealing),
    processes: createProcessTables(database, cursors, claimedBy),
    runs: createRunTable(database),
    stages: createStageTable(database),
    durations: createDurationReads(database),
    history: createHistoryTable(database, cursors),
    log: createLogTables(database),
    handlers: createHandlerTable(database),
    tokens: createTokenTables(database),
    idempotency: createIdempotencyTable(database),
  };
}
export type Tables = ReturnType<typeof createTables>;
