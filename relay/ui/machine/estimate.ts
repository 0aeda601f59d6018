// How long a process usually takes here, how much of it is left, and whether it seems to be stuck. Pure.

import type { StageView } from "../../api/machine-records-view.ts";
import type { MachineView } from "../../api/machine-view.ts";
import type { TimingsView } from "../../api/timings-view.ts";
import { formatDuration } from "../parts/duration.ts";

const second = 1000;

/** Fewer past runs than this say nothing of what is unusual. */
export const stuckRunsMin = 3;
/** Stuck is what takes this many times as long as nine of ten did… */
export const stuckTimes = 3;
/** …and longer than this: nobody worries before. */
export const stuckMsMin = 10 * second;

export interface Estimate {
  /** The median of past runs. */
  usualMs: number;
  runs: number;
  elapsedMs: number;
  /** 0: by what is known it should be over. */
  leftMs: number;
  stuck: Stuck | null;
}

/** `stage` null: the process as a whole. */
export interface Stuck {
  stage: string | null;
  usualMs: number;
  elapsedMs: number;
}

export interface EstimateInput {
  process: Pick<NonNullable<MachineView["process"]>, "id" | "name" | "state" | "error"> & { startedAt: number | null };
  /** Of the machine, oldest first. */
  stages: readonly StageView[];
  timings: TimingsView | null;
  now: number;
}

type ProcessTimings = TimingsView["processes"][number];
type Usual = Pick<ProcessTimings, "count" | "medianMs" | "p90Ms">;

/** Null: nobody can say, because it never ran here, or because it does not run now. */
export function estimateProcess({ process, stages, timings, now }: EstimateInput): Estimate | null {
  const usual = timings?.processes.find((known) => known.process === process.name);
  // What failed before and is tried again takes as long as its failing does: its past says nothing.
  if (!usual || process.startedAt === null || process.state !== "running" || process.error !== null) return null;
  const elapsedMs = Math.max(0, now - process.startedAt);
  const entered = stages.filter(({ processId }) => processId === process.id);
  return {
    usualMs: usual.medianMs,
    runs: usual.count,
    elapsedMs,
    leftMs: leftOf(usual, entered, elapsedMs, now),
    stuck: findStuck(usual, entered, elapsedMs, now),
  };
}

/** Of the stage that it is in what is left, and the usual times of those that come after. */
function leftOf(usual: ProcessTimings, entered: readonly StageView[], elapsedMs: number, now: number): number {
  const current = entered.find(({ endedAt }) => endedAt === null);
  const known = current && usual.stages.find(({ stage }) => stage === current.stage);
  if (!current || !known) return Math.max(0, usual.medianMs - elapsedMs);
  const done = new Set(currentAttempt(usual, entered).map(({ stage }) => stage));
  const later = usual.stages
    .slice(usual.stages.indexOf(known) + 1)
    .filter((stage) => isUsual(stage, usual) && !done.has(stage.stage));
  const inStageMs = Math.max(0, now - current.startedAt);
  return Math.max(0, known.medianMs - inStageMs) + later.reduce((total, { medianMs }) => total + medianMs, 0);
}

/** Does it come at least as often as not? What came once, when something went wrong, is not waited for. */
export const isUsual = (stage: Pick<Usual, "count">, process: Pick<Usual, "count">): boolean =>
  2 * stage.count >= process.count;

/** Each attempt enters the first stage again: what an earlier one has done is not done. */
function currentAttempt(usual: ProcessTimings, entered: readonly StageView[]): readonly StageView[] {
  const first = usual.stages[0]?.stage;
  const begin = entered.findLastIndex(({ stage }) => stage === first);
  return begin === -1 ? entered : entered.slice(begin);
}

function findStuck(usual: ProcessTimings, entered: readonly StageView[], elapsedMs: number, now: number): Stuck | null {
  const current = entered.find(({ endedAt }) => endedAt === null);
  const known = current && usual.stages.find(({ stage }) => stage === current.stage);
  if (current && known) {
    const inStageMs = Math.max(0, now - current.startedAt);
    if (isStuck(known, inStageMs)) return { stage: current.stage, usualMs: known.medianMs, elapsedMs: inStageMs };
  }
  return isStuck(usual, elapsedMs) ? { stage: null, usualMs: usual.medianMs, elapsedMs } : null;
}

export function isStuck({ count, p90Ms }: Usual, elapsedMs: number): boolean {
  return count >= stuckRunsMin && elapsedMs > stuckTimes * p90Ms && elapsedMs > stuckMsMin;
}

/** `usually 1 min 40 s, 35 s left` */
export function sayEstimate({ usualMs, elapsedMs, leftMs, stuck }: Estimate): string {
  const usually = `usually ${formatDuration(usualMs)}`;
  if (stuck || elapsedMs > usualMs) return `${usually}, now ${formatDuration(elapsedMs)}`;
  // Whole seconds, as the clock ticks them.
  return `${usually}, ${leftMs < second ? "almost done" : `${formatDuration(Math.ceil(leftMs / second) * second)} left`}`;
}

/** `Stuck? This step usually takes 12 s, now 3 min.` */
export function sayStuck({ stage, usualMs, elapsedMs }: Stuck): string {
  const what = stage === null ? "This" : "This step";
  return `Stuck? ${what} usually takes ${formatDuration(usualMs)}, now ${formatDuration(elapsedMs)}.`;
}
