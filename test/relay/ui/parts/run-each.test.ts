import { expect, test } from "vitest";
import { runEach } from "../../../../relay/ui/parts/run-each.ts";

test.each([
  [undefined, 6],
  [3, 3],
])("of many, so many at most run at once, and each runs once: %s", async (atOnceMax, expected) => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const work = async (item: number) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await runEach(items, work, atOnceMax);
  expect(most).toBe(expected);
  expect(begun).toEqual(items);
});

test("nothing to do is done at once", async () => {
  await runEach([], async () => expect.fail("there was nothing"));
});
