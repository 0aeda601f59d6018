import { describe, expect, test } from "vitest";
import { describeRow, firstLine } from "../../../../relay/ui/machines/row-words.ts";
import { failureOf } from "../failure.ts";
import { processOf, viewOf } from "./machine.ts";

const error = failureOf("driver.failed", "no quota\nat line 2");

describe("a row says", () => {
  test("how far a machine is, in the driver's words", () => {
    const machine = viewOf({
      state: "creating",
      transitioning: "yes",
      transitioningMessage: "Waiting for SSH",
      transitioningProgress: 60,
      process: processOf(),
    });
    expect(describeRow(machine)).toEqual({ kind: "progress", percent: 60, text: "Waiting for SSH" });
  });

  test("why it failed, in one line", () => {
    expect(describeRow(viewOf({ state: "error", error }))).toEqual({ kind: "error", text: "no quota" });
  });

  test("why a deletion keeps failing, and when it is tried again, also while that attempt is under way", () => {
    for (const nextFireAt of [30_000, null]) {
      const process = processOf({ name: "delete", error, nextFireAt });
      expect(describeRow(viewOf({ state: "deleting", transitioning: "yes", process }))).toEqual({
        kind: "failing",
        text: "delete fails: no quota",
        nextFireAt,
        processId: "prc_1",
      });
    }
  });

  test("how far a create is whose second attempt is under way, and not why the first one failed", () => {
    const machine = { state: "creating", transitioning: "yes", transitioningMessage: "Creating VM" } as const;
    const waits = viewOf({ ...machine, process: processOf({ error, nextFireAt: 30_000 }) });
    const works = viewOf({ ...machine, process: processOf({ error, nextFireAt: null }) });
    expect(describeRow(waits).kind).toBe("failing");
    expect(describeRow(works)).toEqual({ kind: "progress", percent: null, text: "Creating VM" });
  });

  test("that it waits for a person, or for a handler", () => {
    const forPerson = processOf({ state: "waiting", waitingFor: "resolve", nextFireAt: null, error });
    const forHandler = processOf({ state: "waiting", waitingFor: "handler", nextFireAt: null, error });
    expect(describeRow(viewOf({ state: "creating", process: forPerson }))).toEqual({
      kind: "resolve",
      text: "no quota",
    });
    expect(describeRow(viewOf({ state: "creating", process: forHandler }))).toEqual({
      kind: "error",
      text: "no quota",
    });
  });

  test("nothing but the engine's version where all is well", () => {
    expect(describeRow(viewOf())).toEqual({ kind: "quiet", text: "Docker 28.5.2" });
    expect(describeRow(viewOf({ engineVersion: null }))).toEqual({ kind: "quiet", text: "" });
  });
});

test("whatever a driver writes, a line is one line and short", () => {
  expect(firstLine("\n  one \ntwo")).toBe("one");
  expect(firstLine("x".repeat(10_000))).toHaveLength(301);
});
