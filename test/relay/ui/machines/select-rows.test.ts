import { describe, expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { readListQuery } from "../../../../relay/ui/machines/list-query.ts";
import { countMachines, listLabels, selectRows } from "../../../../relay/ui/machines/select-rows.ts";
import { failureOf } from "../failure.ts";
import { processOf, viewOf } from "./machine.ts";

function machine(name: string, change: Partial<MachineView> = {}): MachineView {
  return viewOf({ id: `mch_${name}`, name, machineName: `${name}-x`, ...change });
}

function namesOf(machines: MachineView[], query: Record<string, string>): string {
  return selectRows(machines, readListQuery(query))
    .map(({ name }) => name)
    .join(" ");
}

const failing = processOf({ name: "delete", error: failureOf("driver.failed", "no"), nextFireAt: 10_000 });
const machines = [
  machine("a10", { createdAt: 1, driver: "amazonec2", labels: { tier: "web" }, ipAddress: "10.0.0.10" }),
  machine("a9", { createdAt: 2, labels: { tier: "db", site: "" }, ipAddress: "10.0.0.9" }),
  machine("b", { createdAt: 3, state: "error", providerId: "i-0abc" }),
  machine("c", { createdAt: 4, state: "creating", transitioningProgress: 40, process: processOf() }),
  machine("d", { createdAt: 5, state: "creating", process: processOf({ state: "waiting", waitingFor: "resolve" }) }),
  machine("e", { createdAt: 6, state: "deleting", process: failing }),
  machine("f", { createdAt: 7, state: "deleting", process: processOf({ name: "delete" }) }),
  machine("g", { createdAt: 8, state: "deleted" }),
];

describe("filters", () => {
  test.each([
    [{}, "f e d c b a9 a10"],
    [{ state: "deleted" }, "g"],
    [{ state: "error" }, "b"],
    [{ state: "busy" }, "d c"],
    [{ state: "attention" }, "e d b"],
    [{ driver: "amazonec2" }, "a10"],
    [{ label: "tier" }, "a9 a10"],
    [{ label: "tier=web" }, "a10"],
    [{ label: "site=" }, "a9"],
    [{ label: "tier=we" }, ""],
    [{ label: "toString" }, ""],
    [{ search: " A9 " }, "a9"],
    [{ search: "10.0.0.1" }, "a10"],
    [{ search: "I-0ABC" }, "b"],
    [{ search: "a", driver: "digitalocean", label: "tier" }, "a9"],
  ])("%j shows %s", (query, names) => {
    expect(namesOf(machines, query as Record<string, string>)).toBe(names);
  });
});

describe("order", () => {
  test.each([
    ["name", "a9 a10 b c d e f"],
    ["-name", "f e d c b a10 a9"],
    ["-age", "a10 a9 b c d e f"],
    ["address", "a9 a10"],
    ["-progress", "c f e d b a9 a10"],
    ["state", "b d c a9 a10 f e"],
    ["-state", "f e a9 a10 d c b"],
  ])("%s: equal ones newest first", (sort, names) => {
    const some = sort === "address" ? machines.slice(0, 2) : machines;
    expect(namesOf(some, { sort })).toBe(names);
  });

  test("does not depend on the order in which changes came", () => {
    for (const sort of ["state", "driver", "-agent", "age"]) {
      expect(namesOf([...machines].reverse(), { sort })).toBe(namesOf(machines, { sort }));
    }
  });
});

test("the count leaves out what is deleted", () => {
  expect(countMachines(machines)).toEqual({ all: 7, error: 1 });
});

test("the label filter can be each name, and each name with its value", () => {
  expect(listLabels(machines, 10)).toEqual(["site", "site=", "tier", "tier=db", "tier=web"]);
  expect(listLabels(machines, 2)).toHaveLength(2);
});
