import { expect, test } from "vitest";
import { deletedMax, KnownMachines } from "../../../../relay/ui/state/known-machines.ts";
import { viewOf } from "../machines/machine.ts";

const deleted = (number: number) => viewOf({ id: `mch_${number}`, state: "deleted" });

test("of two views of one machine the newer stays, in whichever order they come", () => {
  const machines = new KnownMachines();
  machines.put(viewOf({ updatedAt: 2, state: "active" }));
  machines.put(viewOf({ updatedAt: 1, state: "creating" }));
  expect(machines.all()).toMatchObject([{ state: "active" }]);
  machines.put(viewOf({ updatedAt: 3, state: "deleting" }));
  expect(machines.get("mch_1")).toMatchObject({ state: "deleting" });
});

test("deleted ones do not pile up for ever, and those that are looked at stay", () => {
  const machines = new KnownMachines();
  machines.put(viewOf({ id: "mch_alive" }));
  for (let number = 0; number < 3 * deletedMax; number += 1) {
    machines.put(deleted(number));
    machines.get("mch_0");
  }
  expect(machines.all()).toHaveLength(deletedMax + 1);
  for (const id of ["mch_alive", "mch_0", `mch_${3 * deletedMax - 1}`]) expect(machines.get(id)).toBeDefined();
  expect(machines.get("mch_1")).toBeUndefined();
});

test("news of a deleted one count it once", () => {
  const machines = new KnownMachines();
  for (let number = 0; number < deletedMax; number += 1) machines.put(deleted(number));
  for (let number = 0; number < deletedMax; number += 1) machines.put(deleted(number));
  expect(machines.all()).toHaveLength(deletedMax);
});
