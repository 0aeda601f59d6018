import { expect, test } from "vitest";
import { checkRows, rowsMax, toMap, toRows } from "../../../../relay/ui/parts/rows.ts";

const rows = (...pairs: [name: string, value: string][]) => pairs.map(([name, value]) => ({ name, value }));

test("a map becomes rows in the order of its names, and a map again without those that nobody filled in", () => {
  const map = { tier: "web", "a.b/c_d": "" };
  expect(toRows(map).map(({ name }) => name)).toEqual(["a.b/c_d", "tier"]);
  expect(toMap([...toRows(map), ...rows(["", ""])])).toEqual(map);
});

test.each<[title: string, pairs: [string, string][], mistake: RegExp | null]>([
  [
    "good ones",
    [
      ["a", "1"],
      ["b/c.d_e-f", ""],
    ],
    null,
  ],
  ["an empty row", [["", ""]], null],
  ["a value without a name", [["", "x"]], /needs a name/],
  ["a name that no label has", [["ä", "x"]], /ä: a label's name/],
  ["a name that begins wrongly", [["-a", ""]], /begins with a letter/],
  ["a name that is too long", [["a".repeat(257), ""]], /at most 256/],
  [
    "the same name twice",
    [
      ["a", "1"],
      ["a", "2"],
    ],
    /a is there twice/,
  ],
  ["a value that is too long", [["a", "x".repeat(4_097)]], /a: a value has at most 4096/],
])("labels: %s", (_title, pairs, mistake) => {
  const found = checkRows(rows(...pairs), "label");
  if (mistake) expect(found).toMatch(mistake);
  else expect(found).toBeNull();
});

test("a variable's name is anything, but not too many of them", () => {
  expect(checkRows(rows(["ä b", "x"]), "plain")).toBeNull();
  const many = (count: number) =>
    rows(...Array.from({ length: count }, (_, index): [string, string] => [`l${index}`, ""]));
  expect(checkRows(many(rowsMax), "label")).toBeNull();
  expect(checkRows(many(rowsMax + 1), "label")).toMatch(/At most 200/);
});
