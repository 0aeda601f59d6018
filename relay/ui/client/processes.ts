// The calls about processes: the runs of create, bootstrap and delete of a machine.
import type { ProcessView } from "../../api/process-view.ts";
import { ask } from "./ask.ts";
import type { Page } from "./page.ts";

/** A machine that was retried more often than this has its oldest processes left out. */
const processesLimit = 200;

/** Newest first. */
export const listProcesses = async (machineId: string) =>
  (await ask<Page<ProcessView>>("GET", "/v1/processes", { query: { machine: machineId, limit: processesLimit } })).data;
