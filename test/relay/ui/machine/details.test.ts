// Labels in a form, options in a table, containers in theirs.
import { expect, test } from "vitest";
import { isLate, shortId, sortContainers } from "../../../../relay/ui/machine/agent/containers.ts";
import { addRow, isSame, labelsOf, mistakesIn, rowsOf } from "../../../../relay/ui/machine/details/labels.ts";
import { optionRows } from "../../../../relay/ui/machine/details/options.ts";

const rows = (...pairs: [string, string][]) => pairs.map(([name, value], key) => ({ key, name, value }));

test("labels become rows and labels again", () => {
  const labels = { tier: "web", "a.b/c_d": "" };
  expect(labelsOf(addRow(rowsOf(labels)))).toEqual(labels);
  expect(labelsOf(rows([" padded ", " kept "], ["", ""]))).toEqual({ padded: " kept " });
  expect(new Set(addRow(addRow(rowsOf(labels))).map(({ key }) => key)).size).toBe(4);
});

test.each<[title: string, pairs: [string, string][], wrong: [number, string][]]>([
  [
    "good ones",
    [
      ["a", "1"],
      ["b/c.d_e-f", ""],
    ],
    [],
  ],
  ["an empty row", [["", ""]], []],
  ["a value without a name", [["", "x"]], [[0, "name"]]],
  [
    "a bad name",
    [
      ["ä", "x"],
      ["-a", ""],
      ["a b", ""],
    ],
    [
      [0, "name"],
      [1, "name"],
      [2, "name"],
    ],
  ],
  ["a name that is too long", [["a".repeat(257), ""]], [[0, "name"]]],
  [
    "the same name twice",
    [
      ["a", "1"],
      ["a ", "2"],
    ],
    [[1, "name"]],
  ],
  ["a long value", [["a", "x".repeat(4097)]], [[0, "value"]]],
])("mistakes: %s", (_title, pairs, wrong) => {
  const { rows: mistakes, all } = mistakesIn(rows(...pairs));
  expect([...mistakes].map(([key, { field }]) => [key, field])).toEqual(wrong);
  expect(all).toBeNull();
});

test("there may be 200 labels", () => {
  const many = (count: number) =>
    rows(...Array.from({ length: count }, (_, index): [string, string] => [`l${index}`, ""]));
  expect(mistakesIn(many(200)).all).toBeNull();
  expect(mistakesIn(many(201)).all).toContain("201");
});

test("labels are the same in any order", () => {
  expect(isSame({ a: "1", b: "2" }, { b: "2", a: "1" })).toBe(true);
  expect(isSame({ a: "1" }, { a: "2" })).toBe(false);
});

test("options are rows, however they are nested", () => {
  expect(
    optionRows({
      region: "nyc3",
      isFast: true,
      accessToken: "********",
      mirrors: ["a", "b"],
      environment: { HTTP_PROXY: "x" },
      none: [],
    }),
  ).toEqual([
    ["accessToken", "********"],
    ["environment.HTTP_PROXY", "x"],
    ["isFast", "true"],
    ["mirrors", "a"],
    ["mirrors", "b"],
    ["region", "nyc3"],
  ]);
});

test("containers that run come first, by name", () => {
  const named = (name: string, state: string) => ({ name, state });
  const sorted = sortContainers([named("web-10", "running"), named("a", "exited"), named("web-2", "running")]);
  expect(sorted.map(({ name }) => name)).toEqual(["web-2", "web-10", "a"]);
  expect(shortId("sha256:0123456789abcdef")).toBe("0123456789ab");
});

test.each([
  ["active", "waiting", 61_000, true],
  ["active", "waiting", 59_000, false],
  ["active", "connected", 61_000, false],
  ["bootstrapping", "waiting", 61_000, false],
] as const)("a machine that is %s with an agent that is %s for %i ms: late is %j", (state, agentState, ms, late) => {
  const agent = { state: agentState, lastSeen: null, engineVersion: null, containers: [] };
  expect(isLate({ state, updatedAt: 1_000, agent }, 1_000 + ms)).toBe(late);
});
