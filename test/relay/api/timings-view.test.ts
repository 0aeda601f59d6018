import { expect, test } from "vitest";
import { percentile, viewTimings } from "../../../relay/api/timings-view.ts";
import type { Duration, StageDuration } from "../../../relay/store/types.ts";

const create = (totalMs: number, ...stages: StageDuration[]): Duration => ({ process: "create", totalMs, stages });

test.each<[values: number[], share: number, expected: number]>([
  [[7], 0.5, 7],
  [[7], 0.9, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 2, 1], 0.5, 2],
  [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9, 9],
  [[100, 20, 3], 0.9, 100],
])("of %j a share of %d took no longer than %d", (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test("each kind of process has its own times, and nothing is said of one that never went well", () => {
  const durations: Duration[] = [create(30), create(10), { process: "delete", totalMs: 5, stages: [] }];
  expect(viewTimings("simulated", durations)).toEqual({
    driver: "simulated",
    processes: [
      { process: "create", count: 2, medianMs: 10, p90Ms: 30, stages: [] },
      { process: "delete", count: 1, medianMs: 5, p90Ms: 5, stages: [] },
    ],
  });
});

test("stages come as they are usually entered, each counted in the processes that had it", () => {
  const ssh = (afterMs: number) => ({ stage: "ssh", afterMs, totalMs: 4 });
  const engine = (afterMs: number) => ({ stage: "engine", afterMs, totalMs: 2 });
  const key = { stage: "key", afterMs: 1, totalMs: 1 };
  const all = [create(9, ssh(5), engine(8)), create(9, engine(6), ssh(7)), create(9, key, ssh(4), engine(9))];
  const [process] = viewTimings("simulated", all).processes;
  expect(process?.stages.map(({ stage, count }) => [stage, count])).toEqual([
    ["key", 1],
    ["ssh", 3],
    ["engine", 3],
  ]);
});
