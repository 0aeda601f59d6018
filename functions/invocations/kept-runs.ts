// Runs that are over: what they have to tell is kept until it is acknowledged, within limits of time and memory.
import type { Transcript } from "./transcript.ts";

const minute = 60 * 1000;
const sweepEveryMs = 10 * minute;
/** Also of those that hold nothing any more: they are remembered so that a start that comes twice never works twice. */
const keptRunsMax = 20_000;

export interface KeptRun {
  readonly eventId: string;
  readonly transcript: Transcript;
}

export interface KeptRuns<Run extends KeptRun> {
  keep(run: Run): void;
  get(eventId: string): Run | null;
  delete(eventId: string): void;
  /** The relay has its reply; only that it is over is still known. */
  acknowledge(eventId: string): void;
  readonly bytes: number;
  close(): void;
}

export interface KeptRunsLimits {
  bytesMax: number;
  keptForMs: number;
  now(): number;
}

export function createKeptRuns<Run extends KeptRun>({ bytesMax, keptForMs, now }: KeptRunsLimits): KeptRuns<Run> {
  /** The oldest first. */
  const runs = new Map<string, { run: Run; keptAt: number; bytes: number }>();
  let bytes = 0;

  function remove(eventId: string): void {
    bytes -= runs.get(eventId)?.bytes ?? 0;
    runs.delete(eventId);
  }
  const isTooOld = ({ keptAt }: { keptAt: number }) => keptAt + keptForMs <= now();
  function sweep(): void {
    for (const [eventId, kept] of runs) if (isTooOld(kept)) remove(eventId);
  }
  const timer = setInterval(sweep, Math.min(sweepEveryMs, keptForMs));
  timer.unref();

  return {
    keep(run) {
      remove(run.eventId);
      const size = run.transcript.bytes;
      bytes += size;
      runs.set(run.eventId, { run, keptAt: now(), bytes: size });
      for (const [eventId, oldest] of runs) {
        if (runs.size <= keptRunsMax && bytes <= bytesMax) break;
        if (oldest.bytes > 0 || runs.size > keptRunsMax) remove(eventId);
      }
    },
    get(eventId) {
      const kept = runs.get(eventId);
      return kept === undefined || isTooOld(kept) ? null : kept.run;
    },
    delete: remove,
    acknowledge(eventId) {
      const kept = runs.get(eventId);
      if (kept === undefined) return;
      kept.run.transcript.forgetContents();
      bytes -= kept.bytes;
      kept.bytes = 0;
    },
    get bytes() {
      return bytes;
    },
    close() {
      clearInterval(timer);
      runs.clear();
    },
  };
}
