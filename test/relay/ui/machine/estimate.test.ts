import { describe, expect, test } from "vitest";
import type { StageView } from "../../../../relay/api/machine-records-view.ts";
import type { TimingsView } from "../../../../relay/api/timings-view.ts";
import {
  type EstimateInput,
  estimateProcess,
  isStuck,
  sayEstimate,
  sayStuck,
} from "../../../../relay/ui/machine/estimate.ts";
import { failureOf } from "../failure.ts";

const second = 1000;
const begin = 1_790_000_000_000;

const usual = (count: number, medianMs: number, p90Ms = medianMs) => ({ count, medianMs, p90Ms });
const timings: TimingsView = {
  driver: "simulated",
  processes: [
    {
      process: "create",
      ...usual(5, 100 * second, 120 * second),
      stages: [
        { stage: "contacting", ...usual(5, 10 * second) },
        { stage: "ssh", ...usual(5, 12 * second, 20 * second) },
        { stage: "provisioning", ...usual(5, 70 * second) },
        { stage: "engine", ...usual(5, 8 * second) },
        // Came in one of five runs.
        { stage: "settling", ...usual(1, 1000 * second) },
      ],
    },
  ],
};
const process: EstimateInput["process"] = {
  id: "prc_1",
  name: "create",
  state: "running",
  error: null,
  startedAt: begin,
};

/** `["contacting", 0, 10]`: from second 0 to second 10; without the end it lasts. */
const stages = (...all: [stage: string, from: number, to?: number][]): StageView[] =>
  all.map(([stage, from, to]) => ({
    processId: "prc_1",
    process: "create",
    stage,
    startedAt: begin + from * second,
    endedAt: to === undefined ? null : begin + to * second,
  }));

const estimateAt = (seconds: number, input: Partial<EstimateInput> = {}) =>
  estimateProcess({ process, stages: [], timings, now: begin + seconds * second, ...input });

test.each<[string, number, StageView[], number]>([
  ["without a stage it is the usual less what has passed", 40, [], 60],
  ["in the first stage all others are to come", 4, stages(["contacting", 0]), 6 + 12 + 70 + 8],
  [
    "a stage that was slow takes nothing from those that come",
    60,
    stages(["contacting", 0, 50], ["ssh", 50]),
    2 + 70 + 8,
  ],
  ["a stage that is over its usual time has nothing left", 40, stages(["contacting", 0, 10], ["ssh", 10]), 70 + 8],
  ["a stage that nobody knows says nothing", 40, stages(["dns", 0]), 60],
  [
    "a later stage that is done already does not come again",
    30,
    stages(["contacting", 0, 10], ["provisioning", 10, 20], ["ssh", 20]),
    2 + 8,
  ],
  [
    "what an earlier attempt has done is to be done again",
    50,
    stages(["contacting", 0, 10], ["ssh", 10, 22], ["provisioning", 22, 40], ["contacting", 45]),
    5 + 12 + 70 + 8,
  ],
  ["more than the usual leaves nothing", 130, [], 0],
])("what is left: %s", (_, seconds, entered, expected) => {
  expect(estimateAt(seconds, { stages: entered })?.leftMs).toBe(expected * second);
});

test("another process's stages do not count", () => {
  const others = stages(["contacting", 0]).map((stage) => ({ ...stage, processId: "prc_0" }));
  expect(estimateAt(40, { stages: others })?.leftMs).toBe(60 * second);
});

test.each<[string, Partial<EstimateInput>]>([
  ["nobody knows how long it takes", { timings: null }],
  ["its kind never went well here", { process: { ...process, name: "delete" } }],
  ["it has not begun", { process: { ...process, startedAt: null } }],
  ["it waits for a person", { process: { ...process, state: "waiting" } }],
  ["it is tried again after a failure", { process: { ...process, error: failureOf("driver.failed", "no") } }],
])("there is no estimate where %s", (_, input) => {
  expect(estimateAt(10, input)).toBeNull();
});

describe("stuck", () => {
  test.each<[string, [count: number, p90Ms: number, elapsedMs: number], boolean]>([
    ["three times the usual and a little", [3, 10 * second, 30 * second + 1], true],
    ["exactly three times", [3, 10 * second, 30 * second], false],
    ["two past runs only", [2, 10 * second, 300 * second], false],
    ["many times, but ten seconds only", [9, 100, 10 * second], false],
    ["many times, and longer than ten seconds", [9, 100, 10 * second + 1], true],
  ])("%s", (_, [count, p90Ms, elapsedMs], expected) => {
    expect(isStuck(usual(count, p90Ms, p90Ms), elapsedMs)).toBe(expected);
  });

  test("names the step by its own time", () => {
    const entered = stages(["contacting", 0, 10], ["ssh", 10]);
    expect(estimateAt(70, { stages: entered })?.stuck).toBeNull();
    const { stuck } = estimateAt(190, { stages: entered }) ?? {};
    expect(stuck).toEqual({ stage: "ssh", usualMs: 12 * second, elapsedMs: 180 * second });
    expect(stuck && sayStuck(stuck)).toBe("Stuck? This step usually takes 12 s, now 3 min.");
  });

  test("is the whole where no step is known", () => {
    const { stuck } = estimateAt(400) ?? {};
    expect(stuck).toEqual({ stage: null, usualMs: 100 * second, elapsedMs: 400 * second });
    expect(stuck && sayStuck(stuck)).toBe("Stuck? This usually takes 1 min 40 s, now 6 min 40 s.");
  });
});

test.each<[string, number, StageView[], string]>([
  ["on its way", 65, [], "usually 1 min 40 s, 35 s left"],
  ["in whole seconds, as the clock ticks", 65.2, [], "usually 1 min 40 s, 35 s left"],
  ["as good as over", 99.5, stages(["engine", 90]), "usually 1 min 40 s, almost done"],
  ["late", 110, [], "usually 1 min 40 s, now 1 min 50 s"],
  ["stuck", 95, stages(["contacting", 0, 1], ["ssh", 1]), "usually 1 min 40 s, now 1 min 35 s"],
])("says it in words: %s", (_, seconds, entered, expected) => {
  const estimate = estimateAt(seconds, { stages: entered });
  expect(estimate && sayEstimate(estimate)).toBe(expected);
});
