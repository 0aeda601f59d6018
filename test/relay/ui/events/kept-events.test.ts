import { expect, test } from "vitest";
import {
  addNewest,
  countNames,
  curlLine,
  eventsMax,
  filterEvents,
  type Kept,
  machineNameIn,
  namesMax,
} from "../../../../relay/ui/events/kept-events.ts";

let number = 0;
function heard(name: string, differences: { data?: unknown; resourceId?: string; machineName?: string } = {}): Kept {
  number += 1;
  const { data = {}, resourceId = "mch_1", machineName = null } = differences;
  return {
    kind: "event",
    key: number,
    event: { id: `evt_${number}`, name, resourceType: "machine", resourceId, time: 1_790_000_000_000, data },
    machineName,
  };
}
const nameOf = (kept: Kept) => (kept.kind === "gap" ? "gap" : kept.event.name);

test("the newest come first, and the oldest go when there are too many", () => {
  const first = heard("first");
  const many = Array.from({ length: eventsMax - 1 }, () => heard("many"));
  const full = addNewest([first], many);
  expect(full).toHaveLength(eventsMax);
  expect(full.at(-1)).toBe(first);
  const [newest, ...others] = addNewest(full, [heard("newest")]);
  expect(newest && nameOf(newest)).toBe("newest");
  expect(others).toHaveLength(eventsMax - 1);
  expect(others).not.toContain(first);
});

const kept = [
  heard("machine.create;handler=dns", { machineName: "web-1", resourceId: "mch_AA" }),
  heard("resource.change", { machineName: "db", resourceId: "mch_BB", data: { machine: { state: "Creating" } } }),
  { kind: "gap", key: 9_999, at: 0 } satisfies Kept,
];
const everything = { hiddenNames: new Set<string>(), machine: "", text: "" };

test.each([
  ["everything", {}, ["machine.create;handler=dns", "resource.change", "gap"]],
  ["a family", { hiddenNames: new Set(["machine.create"]) }, ["resource.change", "gap"]],
  ["a machine by name", { machine: " WEB " }, ["machine.create;handler=dns", "gap"]],
  ["a machine by id", { machine: "mch_bb" }, ["resource.change", "gap"]],
  ["a text in the data", { text: "creating" }, ["resource.change", "gap"]],
  ["a text that is nowhere", { text: "nowhere" }, ["gap"]],
])("the filter shows %s, and where something may be missing", (_, filter, names) => {
  expect(filterEvents(kept, { ...everything, ...filter }).map(nameOf)).toEqual(names);
});

test("names are counted by family, in order, and their number is bounded", () => {
  const counts = countNames(new Map([["resource.change", 2]]), kept);
  expect([...counts]).toEqual([
    ["machine.create", 1],
    ["resource.change", 3],
  ]);
  const flood = Array.from({ length: 2 * namesMax }, (_, index) => heard(`name-${index}`));
  expect(countNames(counts, flood).size).toBe(namesMax);
});

test.each([
  ["a machine", { machine: { name: "web-1" } }, "web-1"],
  ["nothing", null, null],
  ["something else", { machine: { name: 7 } }, null],
])("the machine's name in %s", (_, data, name) => {
  expect(machineNameIn({ data })).toBe(name);
});

const place = { origin: "http://relay.example", hasKey: false };
const seen = ["machine.create", "resource.change", "resource.log"];
test.each([
  ["everything", [], "eventNames=*'"],
  [
    "everything but log lines",
    ["resource.log"],
    "eventNames=machine.*&eventNames=process.*&eventNames=resource.change&eventNames=host.*'",
  ],
  ["what was chosen", ["resource.log", "resource.change"], "eventNames=machine.create'"],
])("the line for a terminal: %s", (_, hidden, end) => {
  expect(curlLine({ seen, hiddenNames: new Set(hidden) }, place)).toBe(
    `curl -sN 'http://relay.example/v1/subscribe?${end}`,
  );
});

test("the line for a terminal names a variable in place of the key", () => {
  expect(curlLine({ seen, hiddenNames: new Set() }, { ...place, hasKey: true })).toContain(
    '"authorization: Bearer $KEY"',
  );
});
