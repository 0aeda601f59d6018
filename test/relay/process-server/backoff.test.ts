import { describe, expect, test } from "vitest";
import { waitMs } from "../../../relay/process-server/backoff.ts";

describe("the wait until the next try", () => {
  const longest = () => 0;
  const shortest = () => 1;

  test.each([
    [0, 0],
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [8, 120_000],
    [10_000, 120_000],
  ])("after %i failures is at most %i ms", (failures, expected) => {
    expect(waitMs(failures, 120_000, longest)).toBe(expected);
  });

  test("is up to a fifth shorter, so that not everybody comes back at once", () => {
    expect(waitMs(5, 120_000, shortest)).toBe(12_800);
  });
});
