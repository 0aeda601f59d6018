import { expect, test } from "vitest";
import { runEach } from "../../../../relay/ui/machines/run-each.ts";

test("at most six run at once, and each runs once", async () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await runEach(
    items,
    async (item) => {
      begun.push(item);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    },
    () => {},
  );
  expect(most).toBe(6);
  expect(begun).toEqual(items);
});

test("what fails for one stops nothing for the others, and each says how it ended", async () => {
  const ends: [string, unknown][] = [];
  const error = new Error("not this one");
  await runEach(
    ["a", "b", "c"],
    (item) => (item === "b" ? Promise.reject(error) : Promise.resolve()),
    (item, reason) => ends.push([item, reason]),
  );
  expect(ends.sort()).toEqual([
    ["a", null],
    ["b", error],
    ["c", null],
  ]);
});

test("nothing to do is done at once", async () => {
  await runEach([], Promise.reject, () => expect.fail("there was nothing"));
});
