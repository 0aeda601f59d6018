// How long a driver's processes usually take, from what they took before. Pure.
import Type from "typebox";
import type { Duration, StageDuration } from "../store/types.ts";

const Milliseconds = Type.Integer({ minimum: 0 });
const usual = {
  count: Type.Integer({ minimum: 1, description: "So many processes had it, of the newest that went well." }),
  medianMs: Milliseconds,
  p90Ms: Type.Integer({ minimum: 0, description: "Nine of ten took no longer." }),
};

export const TimingsView = Type.Object({
  driver: Type.String(),
  processes: Type.Array(
    Type.Object({
      process: Type.Enum(["create", "bootstrap", "delete"]),
      ...usual,
      stages: Type.Array(Type.Object({ stage: Type.String(), ...usual }), {
        description: "In the order in which they are usually entered; what one process spends in one is added up.",
      }),
    }),
    { description: "A kind of process that never went well here is missing." },
  ),
});
export type TimingsView = Type.Static<typeof TimingsView>;

export function viewTimings(driver: string, durations: readonly Duration[]): TimingsView {
  const byProcess = Map.groupBy(durations, ({ process }) => process);
  return {
    driver,
    processes: [...byProcess].map(([process, all]) => ({
      process,
      ...describeUsual(all),
      stages: viewStages(all.flatMap(({ stages }) => stages)),
    })),
  };
}

function viewStages(all: readonly StageDuration[]): TimingsView["processes"][number]["stages"] {
  const byStage = [...Map.groupBy(all, ({ stage }) => stage)];
  const usualStart = ([, times]: (typeof byStage)[number]) =>
    percentile(
      times.map(({ afterMs }) => afterMs),
      0.5,
    );
  return byStage
    .toSorted((one, other) => usualStart(one) - usualStart(other))
    .map(([stage, times]) => ({ stage, ...describeUsual(times) }));
}

function describeUsual(times: readonly { totalMs: number }[]): { count: number; medianMs: number; p90Ms: number } {
  const sorted = times.map(({ totalMs }) => totalMs);
  return { count: sorted.length, medianMs: percentile(sorted, 0.5), p90Ms: percentile(sorted, 0.9) };
}

/** The smallest value that so many of all do not exceed: one that was really measured, never one in between. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;
}
