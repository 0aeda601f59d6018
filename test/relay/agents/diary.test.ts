import { expect, test } from "vitest";
import { createDiary, describeChanges } from "../../../relay/agents/diary.ts";
import { containersToldEveryMs, namesToldMax, sayAgainMs } from "../../../relay/agents/limits.ts";

test("the same thing is said again only after a while, and to each machine by itself", () => {
  let now = 0;
  const diary = createDiary(() => now);
  expect(diary.tell("m1", "hello")?.message).toBe("hello");
  expect(diary.tell("m1", "hello")).toBeUndefined();
  expect(diary.tell("m2", "hello")?.message).toBe("hello");
  now = sayAgainMs;
  expect(diary.tell("m1", "hello")?.message).toBe("hello");
});

test("what containers do is collected, and told once in a while", () => {
  let now = 0;
  const diary = createDiary(() => now);
  expect(diary.tellContainers("m1", { started: ["web"], stopped: [] })?.message).toBe("containers started: web");
  now = 1;
  expect(diary.tellContainers("m1", { started: ["db"], stopped: ["web"] })).toBeUndefined();
  now = containersToldEveryMs;
  expect(diary.tellContainers("m1", { started: [], stopped: [] })?.message).toBe(
    "containers started: db; stopped: web",
  );
  now = 2 * containersToldEveryMs;
  expect(diary.tellContainers("m1", { started: [], stopped: [] })).toBeUndefined();
});

test("a container that restarts for ever fills no history", () => {
  let now = 0;
  const diary = createDiary(() => now);
  let entries = 0;
  for (; now < sayAgainMs; now += 5_000) {
    if (diary.tellContainers("m1", { started: ["loop"], stopped: ["loop"] })) entries += 1;
  }
  expect(entries).toBe(1);
});

test("many names are told as some and more, and a long one is cut", () => {
  const names = Array.from({ length: namesToldMax + 5 }, (_, index) => `c${index}`);
  expect(describeChanges({ started: names, stopped: [] })).toMatch(/^containers started: c0, .*c9 and more$/);
  expect(describeChanges({ started: [], stopped: ["x".repeat(10_000)] }).length).toBeLessThan(400);
});
