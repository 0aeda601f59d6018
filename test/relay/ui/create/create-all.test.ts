import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { createAll, createKeys, type Outcome } from "../../../../relay/ui/create/create-all.ts";

const ask = (name: string) => ({ name, driver: "simulated", driverConfig: {}, engine: {}, labels: {} });
const viewOf = ({ name }: { name: string }) => ({ name }) as MachineView;

test("each is asked for once, never more than six at a time, and each has its own outcome", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`);
  let underWay = 0;
  let most = 0;
  const asked: string[] = [];
  const outcomes = new Map<string, Outcome>();
  await createAll(
    names.map(ask),
    async (machine) => {
      asked.push(machine.name);
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      if (machine.name === "web-3") throw new Error("no");
      return viewOf(machine);
    },
    (name, outcome) => outcomes.set(name, outcome),
  );
  expect(most).toBe(6);
  expect(asked.toSorted()).toEqual(names.toSorted());
  expect(outcomes.get("web-3")).toEqual({ state: "failed", error: new Error("no") });
  expect([...outcomes.values()].filter(({ state }) => state === "made")).toHaveLength(19);
});

test("the same request keeps its key, and another one has another", () => {
  const keyOf = createKeys();
  const key = keyOf(ask("web"));
  expect(keyOf(ask("web"))).toBe(key);
  expect(keyOf(ask("web-2"))).not.toBe(key);
  expect(keyOf({ ...ask("web"), labels: { tier: "web" } })).not.toBe(key);
  expect(createKeys()(ask("web"))).not.toBe(key);
});
