import { expect, test } from "vitest";
import type { StageView } from "../../../../relay/api/machine-records-view.ts";
import type { ProcessView } from "../../../../relay/api/process-view.ts";
import type { TimingsView } from "../../../../relay/api/timings-view.ts";
import { buildTimeLine, segmentsMax, statusOf } from "../../../../relay/ui/machine/time-line.ts";

const timings: TimingsView = {
  driver: "simulated",
  processes: [
    {
      process: "create",
      count: 3,
      medianMs: 900,
      p90Ms: 950,
      stages: [
        { stage: "machine", count: 3, medianMs: 300, p90Ms: 310 },
        { stage: "ssh", count: 3, medianMs: 500, p90Ms: 510 },
      ],
    },
  ],
};

function processOf(change: Partial<ProcessView>): ProcessView {
  return {
    id: "prc_1",
    name: "create",
    resourceType: "machine",
    resourceId: "mch_1",
    state: "ended",
    outcome: "done",
    waitingFor: null,
    attempt: 1,
    run: 1,
    nextFireAt: null,
    failures: 0,
    error: null,
    handlers: [],
    createdAt: 1000,
    startedAt: 1000,
    endedAt: 2000,
    ...change,
  };
}
const running = processOf({ state: "running", outcome: null, endedAt: null });

const stage = (name: string, startedAt: number, endedAt: number | null, processId = "prc_1"): StageView => ({
  processId,
  process: "create",
  stage: name,
  startedAt,
  endedAt,
});

test("a row for each stage, with all its times added up", () => {
  const stages = [stage("machine", 1000, 1100), stage("key", 1100, 1150), stage("machine", 1150, 2000)];
  const [line] = buildTimeLine({ processes: [processOf({})], stages, timings, now: 9999 });
  expect(line?.rows).toEqual([
    {
      stage: "machine",
      segments: [
        { fromMs: 0, toMs: 100 },
        { fromMs: 150, toMs: 1000 },
      ],
      tookMs: 950,
      usualMs: 300,
      times: 2,
      isNow: false,
      hasFailed: false,
    },
    {
      stage: "key",
      segments: [{ fromMs: 100, toMs: 150 }],
      tookMs: 50,
      usualMs: null,
      times: 1,
      isNow: false,
      hasFailed: false,
    },
  ]);
  expect(line).toMatchObject({ status: "done", tookMs: 1000, usualMs: 900, scaleMs: 1000 });
});

test("the stage that lasts grows with the clock, and what usually follows is there from the beginning", () => {
  const [line] = buildTimeLine({ processes: [running], stages: [stage("machine", 1000, null)], timings, now: 1200 });
  expect(line?.rows.map(({ stage, tookMs, isNow }) => [stage, tookMs, isNow])).toEqual([
    ["machine", 200, true],
    ["ssh", null, false],
  ]);
  expect(line).toMatchObject({ status: "running", tookMs: 200, scaleMs: 900 });
});

test("what came once, when something went wrong, is not awaited", () => {
  const [create] = timings.processes;
  const rare = { stage: "settling", count: 1, medianMs: 60_000, p90Ms: 60_000 };
  const withRare = { ...timings, processes: create ? [{ ...create, stages: [...create.stages, rare] }] : [] };
  const [line] = buildTimeLine({ processes: [running], stages: [], timings: withRare, now: 1200 });
  expect(line?.rows.map(({ stage }) => stage)).toEqual(["machine", "ssh"]);
});

test("nothing more is awaited of a process that has ended", () => {
  const failed = processOf({ outcome: "error" });
  const [line] = buildTimeLine({ processes: [failed], stages: [stage("machine", 1000, 2000)], timings, now: 9999 });
  expect(line?.rows.map(({ stage }) => stage)).toEqual(["machine"]);
});

test("a create failed where it was, not where it was cleaned up", () => {
  const stages = [stage("machine", 1000, 1500), stage("removing", 1500, 2000)];
  const [line] = buildTimeLine({ processes: [processOf({ outcome: "error" })], stages, timings: null, now: 9999 });
  expect(line?.rows.map(({ stage, hasFailed }) => [stage, hasFailed])).toEqual([
    ["machine", true],
    ["removing", false],
  ]);
});

test("a create failed where it cleans up after an earlier one, if it came no further", () => {
  const stages = [stage("contacting", 1000, 1500), stage("settling", 1500, 2000)];
  const [line] = buildTimeLine({ processes: [processOf({ outcome: "error" })], stages, timings: null, now: 9999 });
  expect(line?.rows.map(({ hasFailed }) => hasFailed)).toEqual([false, true]);
});

test("several handlers are no repetition", () => {
  const handler = (attempt: number) => ({
    name: "create",
    eventId: `evt_${attempt}`,
    state: "done" as const,
    attempt,
    run: 1,
    startedAt: 1000,
    endedAt: 2000,
  });
  const attemptsOf = (...attempts: number[]) =>
    buildTimeLine({
      processes: [processOf({ handlers: attempts.map(handler) })],
      stages: [],
      timings: null,
      now: 9999,
    })[0]?.attempts;
  expect(attemptsOf(1, 1, 0)).toBe(1);
  expect(attemptsOf(1, 3)).toBe(3);
});

test("processes come oldest first, and one that was tried again is superseded", () => {
  const processes = [
    processOf({ id: "prc_3", name: "bootstrap" }),
    processOf({ id: "prc_2" }),
    processOf({ id: "prc_1", outcome: "error" }),
  ];
  const stages = [stage("machine", 1000, 1500, "prc_1"), stage("ssh", 1000, 1500, "prc_2")];
  const lines = buildTimeLine({ processes, stages, timings: null, now: 0 });
  expect(lines.map(({ id, isSuperseded, rows }) => [id, isSuperseded, rows.map(({ stage }) => stage)])).toEqual([
    ["prc_1", true, ["machine"]],
    ["prc_2", false, ["ssh"]],
    ["prc_3", false, []],
  ]);
});

test("a delete that fails for days draws its newest times, and counts them all", () => {
  const many = segmentsMax + 20;
  const stages = Array.from({ length: many }, (_, index) => stage("removing", 1000 + 10 * index, 1001 + 10 * index));
  const [line] = buildTimeLine({ processes: [{ ...running, name: "delete" }], stages, timings: null, now: 9000 });
  expect(line?.rows[0]).toMatchObject({ times: many, tookMs: many });
  expect(line?.rows[0]?.segments).toHaveLength(segmentsMax);
  expect(line?.rows[0]?.segments.at(-1)).toEqual({ fromMs: 10 * (many - 1), toMs: 10 * (many - 1) + 1 });
});

test("a clock that was put back makes nothing negative, and nothing is divided by 0", () => {
  const early = { ...running, startedAt: 5000 };
  const [line] = buildTimeLine({
    processes: [early],
    stages: [stage("machine", 4000, null)],
    timings: null,
    now: 3000,
  });
  expect(line).toMatchObject({ tookMs: 0, scaleMs: 1 });
  expect(line?.rows[0]).toMatchObject({ tookMs: 0, segments: [{ fromMs: 0, toMs: 0 }] });
});

test.each<[ProcessView["state"], ProcessView["outcome"], string]>([
  ["queued", null, "queued"],
  ["running", null, "running"],
  ["waiting", null, "waiting"],
  ["cancelling", null, "stopping"],
  ["ended", "done", "done"],
  ["ended", "error", "failed"],
  ["ended", "cancelled", "stopped"],
  ["ended", "forgotten", "stopped"],
])("%s with outcome %s is %s", (state, outcome, expected) => {
  expect(statusOf({ state, outcome })).toBe(expected);
});
