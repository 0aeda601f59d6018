// What is told of a machine's past: its processes and their stages, read anew whenever they may have changed, and how
// long such things usually take.

import type { StageView } from "../../api/machine-records-view.ts";
import type { MachineView } from "../../api/machine-view.ts";
import type { ProcessView } from "../../api/process-view.ts";
import type { TimingsView } from "../../api/timings-view.ts";
import { getTimings } from "../client/drivers.ts";
import { listProcesses } from "../client/processes.ts";
import { listStages } from "../client/records.ts";
import { useLoaded } from "../parts/use-loaded.ts";
import { connection } from "../state/machines.ts";

export interface Records {
  processes: readonly ProcessView[];
  stages: readonly StageView[];
  /** Null: not known yet, or nobody can say. */
  timings: TimingsView | null;
}

/** `records` null while they are loaded for the first time. */
export function useRecords({ id, driver, state, stage, process }: MachineView): {
  records: Records | null;
  error: unknown;
  reload: () => void;
} {
  const [loaded, reload] = useLoaded(async () => {
    const [processes, stages] = await Promise.all([listProcesses(id), listStages(id)]);
    return { processes, stages };
    // The connection: what failed while the relay was away is tried again when it is back.
  }, [id, state, stage, process?.id, process?.attempt, process?.nextFireAt, process?.error?.message, isLive()]);
  const [timings] = useLoaded(() => getTimings(driver), [driver, state]);
  return {
    records: loaded.value ? { ...loaded.value, timings: timings.value ?? null } : null,
    // While the relay is away the banner says so, and what was read before stays.
    error: loaded.value && !isLive() ? undefined : loaded.error,
    reload,
  };
}

const isLive = (): boolean => connection.value.state === "live";
