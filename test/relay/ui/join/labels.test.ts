import { expect, test } from "vitest";
import { labelsMax, readLabels } from "../../../../relay/ui/join/labels.ts";

test.each([
  ["nothing", "", {}],
  ["empty lines", "\n  \n", {}],
  ["several", "role=web\n rack = 7 \n", { role: "web", rack: "7" }],
  ["an empty value", "spot=", { spot: "" }],
  ["an equals sign in the value", "query=a=b", { query: "a=b" }],
])("labels: %s", (_, text, labels) => {
  expect(readLabels(text).labels).toEqual(labels);
});

test("a label may be called like something of JavaScript's own", () => {
  expect(Object.entries(readLabels("__proto__=x").labels ?? {})).toEqual([["__proto__", "x"]]);
});

test.each([
  ["no equals sign", "role=web\nrack", /^Line 2: /],
  ["no name", "=web", /^Line 1: /],
  ["one name twice", "a=1\na=2", /already/],
  ["a long name", `${"n".repeat(257)}=1`, /256/],
  ["a long value", `a=${"v".repeat(4_097)}`, /4096/],
  ["too many", Array.from({ length: labelsMax + 1 }, (_, index) => `l${index}=`).join("\n"), /200/],
])("what is wrong with labels: %s", (_, text, error) => {
  expect(readLabels(text).error).toMatch(error);
});
