// Searching the log: where a text occurs, and which line is next.
import { expect, test } from "vitest";
import { addLines, noLines } from "../../../../relay/ui/machine/log/log-lines.ts";
import { readLine, textOf } from "../../../../relay/ui/machine/log/read-line.ts";
import { createSearch, markMatches, nextMatch } from "../../../../relay/ui/machine/log/search.ts";

test.each([
  ["a plain line", "one two one", "ONE", "[one] two [one]"],
  ["across colours", "\u001b[31mer\u001b[32mror\u001b[0m x", "error", "[er][ror] x"],
  ["side by side", "aaaa", "aa", "[aa][aa]"],
  ["nowhere", "abc", "x", "abc"],
  ["no search", "abc", "", "abc"],
  ["a letter that grows with its case", "İx and x", "x", "İx and x"],
])("marks: %s", (_title, line, query, marked) => {
  const spans = readLine(line);
  const parts = markMatches(spans, textOf(spans), query);
  expect(parts.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join("")).toBe(marked);
});

test.each<[lines: number[], from: number, step: 1 | -1, next: number | null]>([
  [[], 1, 1, null],
  [[3, 7], 0, 1, 3],
  [[3, 7], 3, 1, 7],
  [[3, 7], 7, 1, 3],
  [[3, 7], 7, -1, 3],
  [[3, 7], 3, -1, 7],
])("in lines %j from %i by %i comes %j", (lines, from, step, next) => {
  expect(nextMatch(lines, from, step)).toBe(next);
});

test("a search finds what is shown, not what was printed", () => {
  const [chunk] = addLines(noLines, [
    { number: 1, processId: "prc_1", at: 1, stream: "stdout", line: "a\u001b[31mb\u001b[0mc" },
    { number: 2, processId: "prc_1", at: 1, stream: "stderr", line: "31m" },
  ]).chunks;
  const linesWith = (query: string) => chunk && createSearch(query).linesIn(chunk);
  expect(linesWith("ABC")).toEqual([1]);
  expect(linesWith("31m")).toEqual([2]);
  expect(linesWith("")).toEqual([]);
});
