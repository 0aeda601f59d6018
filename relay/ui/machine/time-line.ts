// The rows of the time-line: each process with its stages, when they were and how long, and how long they usually are.
// Pure.

import type { StageView } from "../../api/machine-records-view.ts";
import type { ProcessView } from "../../api/process-view.ts";
import type { TimingsView } from "../../api/timings-view.ts";
import { isUsual } from "./estimate.ts";

/** A stage that was entered more often is drawn by its newest times; the length counts them all. */
export const segmentsMax = 100;

export interface TimeLineInput {
  /** Newest first, as the API lists them. */
  processes: readonly ProcessView[];
  /** Oldest first. */
  stages: readonly StageView[];
  timings: TimingsView | null;
  now: number;
}

export type ProcessStatus = "queued" | "running" | "waiting" | "stopping" | "done" | "failed" | "stopped";

export interface TimeLineProcess {
  id: string;
  name: ProcessView["name"];
  status: ProcessStatus;
  startedAt: number | null;
  /** So far, while it is open; null: it has not begun. */
  tookMs: number | null;
  usualMs: number | null;
  attempts: number;
  /** A later one of its kind has taken its place. */
  isSuperseded: boolean;
  rows: TimeLineRow[];
  /** What the whole width of its bars stands for. */
  scaleMs: number;
}

export interface TimeLineRow {
  stage: string;
  /** Since the process began. */
  segments: { fromMs: number; toMs: number }[];
  /** All its times together; null: it has not been entered. */
  tookMs: number | null;
  usualMs: number | null;
  /** Entered so often. */
  times: number;
  isNow: boolean;
  /** Here it failed. */
  hasFailed: boolean;
}

/** What create does after it failed: it is not where it failed… */
const cleaningStages = new Set(["removing", "settling"]);
/** …but for what it does first of all, which is to clean up after an earlier attempt. */
const firstStage = "contacting";

/** Oldest first. */
export function buildTimeLine({ processes, stages, timings, now }: TimeLineInput): TimeLineProcess[] {
  const newest = new Map(processes.toReversed().map(({ name, id }) => [name, id]));
  const byProcess = Map.groupBy(stages, ({ processId }) => processId);
  return processes.toReversed().map((process) => {
    const { id, name, startedAt, endedAt, handlers } = process;
    const usual = timings?.processes.find((known) => known.process === name) ?? null;
    const entries = byProcess.get(id) ?? [];
    const begin = startedAt ?? process.createdAt;
    const tookMs = startedAt === null ? null : notNegative((endedAt ?? now) - startedAt);
    const failedAt = statusOf(process) === "failed" ? failedStage(entries) : null;
    const rows = [
      ...enteredRows(entries, usual, begin, endedAt ?? now).map((row) => ({
        ...row,
        hasFailed: row.stage === failedAt,
      })),
      ...(endedAt === null ? awaitedRows(entries, usual) : []),
    ];
    return {
      id,
      name,
      status: statusOf(process),
      startedAt,
      tookMs,
      usualMs: usual?.medianMs ?? null,
      // Each handler has one of its own: more than that are repetitions.
      attempts: 1 + handlers.reduce((total, { attempt }) => total + Math.max(0, attempt - 1), 0),
      isSuperseded: newest.get(name) !== id,
      rows,
      scaleMs: scaleOf(rows, tookMs, endedAt === null ? (usual?.medianMs ?? 0) : 0),
    };
  });
}

export function statusOf({ state, outcome }: Pick<ProcessView, "state" | "outcome">): ProcessStatus {
  if (state === "cancelling") return "stopping";
  if (state !== "ended") return state;
  return outcome === "done" ? "done" : outcome === "error" ? "failed" : "stopped";
}

function failedStage(entries: readonly StageView[]): string | null {
  const worked = entries.findLast(({ stage }) => !cleaningStages.has(stage))?.stage;
  return worked === undefined || worked === firstStage ? (entries.at(-1)?.stage ?? null) : worked;
}

type ProcessTimings = TimingsView["processes"][number];

/** A row for each stage, in the order in which they were entered first. `latest`: when an open one is to end. */
function enteredRows(
  entries: readonly StageView[],
  usual: ProcessTimings | null,
  begin: number,
  latest: number,
): TimeLineRow[] {
  return [...Map.groupBy(entries, ({ stage }) => stage)].map(([stage, times]) => {
    const segments = times.map(({ startedAt, endedAt }) => {
      const fromMs = notNegative(startedAt - begin);
      return { fromMs, toMs: Math.max(fromMs, (endedAt ?? latest) - begin) };
    });
    return {
      stage,
      segments: segments.slice(-segmentsMax),
      tookMs: segments.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0),
      usualMs: usualOf(usual, stage),
      times: times.length,
      isNow: times.some(({ endedAt }) => endedAt === null),
      hasFailed: false,
    };
  });
}

/** What usually comes, and has not come yet: known from the beginning, so that nothing moves when it comes. */
function awaitedRows(entries: readonly StageView[], usual: ProcessTimings | null): TimeLineRow[] {
  const entered = new Set(entries.map(({ stage }) => stage));
  if (!usual) return [];
  return usual.stages
    .filter((stage) => isUsual(stage, usual) && !entered.has(stage.stage))
    .map(({ stage, medianMs }) => ({
      stage,
      segments: [],
      tookMs: null,
      usualMs: medianMs,
      times: 0,
      isNow: false,
      hasFailed: false,
    }));
}

function scaleOf(rows: readonly TimeLineRow[], tookMs: number | null, expectedMs: number): number {
  const ends = rows.map(({ segments, usualMs }) =>
    Math.max(segments.at(-1)?.toMs ?? 0, segments[0] ? segments[0].fromMs + (usualMs ?? 0) : 0),
  );
  // Never 0: it is divided by.
  return Math.max(1, tookMs ?? 0, expectedMs, ...ends);
}

const usualOf = (usual: ProcessTimings | null, stage: string): number | null =>
  usual?.stages.find((known) => known.stage === stage)?.medianMs ?? null;

/** A clock may have been put back meanwhile. */
const notNegative = (milliseconds: number): number => Math.max(0, milliseconds);
