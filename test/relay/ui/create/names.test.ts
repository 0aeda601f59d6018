import { expect, test } from "vitest";
import { checkName, listNames, readCount, stemOf, suggestName } from "../../../../relay/ui/create/names.ts";

test.each([
  ["web", 1, ["web"]],
  ["web", 3, ["web-1", "web-2", "web-3"]],
  ["web-", 2, ["web-1", "web-2"]],
  ["web-4", 2, ["web-4", "web-5"]],
  ["web-4", 1, ["web-4"]],
  ["web-09", 3, ["web-09", "web-10", "web-11"]],
  ["web9", 2, ["web9-1", "web9-2"]],
  // A long number is a part of the name, no counting.
  ["build-20260101", 2, ["build-20260101-1", "build-20260101-2"]],
])("%s, %i times", (name, count, names) => {
  expect(listNames(name, count)).toEqual(names);
});

test.each([
  ["1", 1],
  [" 50 ", 50],
  ["0", null],
  ["51", null],
  ["", null],
  ["1.5", null],
  ["-1", null],
  ["1e1", null],
])("%j is a number of machines: %s", (text, count) => {
  expect(readCount(text)).toBe(count);
});

test.each(["a", "9", "Web.1-x", "a".repeat(54)])("%s is a name", (name) => {
  expect(checkName(name)).toBeNull();
});

test.each([
  ["", "A machine needs a name."],
  ["-a", "A name begins with a letter or a digit."],
  [".a", "A name begins with a letter or a digit."],
  ["a_b", "A name has letters, digits, . and - only."],
  ["a b", "A name has letters, digits, . and - only."],
  ["ä", "A name begins with a letter or a digit."],
])("%j is no name", (name, mistake) => {
  expect(checkName(name)).toBe(mistake);
});

test("a name of 55 characters is too long", () => {
  expect(checkName("a".repeat(55))).toContain("at most 54 characters");
});

test.each([
  [1, [], "web-1"],
  [1, ["web-1", "web-2", "web-4"], "web-3"],
  [2, ["web-2"], "web-3"],
  [3, ["web-2", "web-6"], "web-3"],
  [3, ["web-2", "web-5"], "web-6"],
])("the first %i free names beside %j begin at %s", (count, taken, name) => {
  expect(suggestName("web", count, new Set(taken))).toBe(name);
});

test("a suggestion after the longest name is a name still", () => {
  expect(checkName(suggestName("a".repeat(54), 1, new Set()))).toBeNull();
});

test.each([
  ["web-12", "web"],
  ["web", "web"],
  ["12", "12"],
])("%s begins with %s", (name, stem) => {
  expect(stemOf(name)).toBe(stem);
});
