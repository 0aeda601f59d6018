// Collects log lines and writes them in batches, one write for each process and pause.
import type { NewLogLine } from "../store/types.ts";

/** More lines than this in one pause are written at once: the memory of a flood stays bounded. */
export const batchLinesMax = 1_000;

export interface LogBatches {
  push(machineId: string, processId: string, line: NewLogLine): void;
  flush(): Promise<void>;
}

export function createLogBatches(
  everyMs: number,
  write: (machineId: string, processId: string, lines: NewLogLine[]) => Promise<void>,
): LogBatches {
  const batches = new Map<string, { machineId: string; lines: NewLogLine[]; timer: NodeJS.Timeout }>();

  const send = (processId: string): Promise<void> => {
    const batch = batches.get(processId);
    if (!batch) return Promise.resolve();
    clearTimeout(batch.timer);
    batches.delete(processId);
    return write(batch.machineId, processId, batch.lines);
  };

  return {
    push(machineId, processId, line) {
      let batch = batches.get(processId);
      if (!batch) {
        batch = { machineId, lines: [], timer: setTimeout(() => void send(processId), everyMs) };
        batches.set(processId, batch);
      }
      batch.lines.push(line);
      if (batch.lines.length >= batchLinesMax) void send(processId);
    },
    async flush() {
      await Promise.all([...batches.keys()].map(send));
    },
  };
}
