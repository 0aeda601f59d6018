// How the entries of a history are told apart, and which belong together.
import { expect, test } from "vitest";
import type { HistoryEntryView } from "../../../../relay/api/machine-records-view.ts";
import {
  addEntries,
  type Chapter,
  chaptersOf,
  cutChapters,
  isGap,
  kindOf,
} from "../../../../relay/ui/machine/history/entries.ts";

const entry = (id: number, processId: string | null, kind = "state"): HistoryEntryView => ({
  id,
  machineId: "mch_1",
  processId,
  eventId: null,
  at: id,
  kind,
  message: "",
  attempt: null,
  run: null,
});
const all = () => true;
const draw = (chapters: readonly Chapter[]) =>
  chapters.map(
    ({ processId, items }) =>
      `${processId}: ${items.map((item) => (isGap(item) ? `(${item.gap})` : item.id)).join(" ")}`,
  );

test.each<[title: string, entries: HistoryEntryView[], drawn: string[]]>([
  ["none", [], []],
  ["newest first", [entry(1, "a"), entry(2, "a"), entry(3, "b")], ["b: 3", "a: 2 1"]],
  [
    "what happened in the middle of a process stays with it",
    [entry(1, "a"), entry(2, null), entry(3, null), entry(4, "a"), entry(5, null), entry(6, "b")],
    ["b: 6", "null: 5", "a: 4 3 2 1"],
  ],
  [
    "a process that comes back",
    [entry(1, "a"), entry(2, "b"), entry(3, null), entry(4, "a")],
    ["a: 4", "null: 3", "b: 2", "a: 1"],
  ],
  ["what is not kept", [entry(1, "a"), entry(12, "a")], ["a: 12 (10) 1"]],
])("%s", (_title, entries, drawn) => {
  expect(draw(chaptersOf(entries, all))).toEqual(drawn);
});

test("a filter leaves out entries, and no gap", () => {
  const entries = [entry(1, "a"), entry(2, "a", "run"), entry(5, "b", "run"), entry(6, "b")];
  expect(draw(chaptersOf(entries, ({ kind }) => kind === "state"))).toEqual(["b: 6 (2)", "a: 1"]);
});

test("the newest come first, also where not all are shown", () => {
  const chapters = chaptersOf([entry(1, "a"), entry(2, "a"), entry(3, "b"), entry(4, "b")], all);
  expect(draw(cutChapters(chapters, 3))).toEqual(["b: 4 3", "a: 2"]);
  expect(draw(cutChapters(chapters, 2))).toEqual(["b: 4 3"]);
});

test("an entry is taken once", () => {
  const known = [entry(1, "a"), entry(2, "a")];
  expect(addEntries(known, [entry(2, "a"), entry(3, "a")]).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(addEntries(known, [entry(2, "a")])).toBe(known);
});

test.each([
  ["reply", "create is done", "reply"],
  ["reply", "error: no such region", "error"],
  ["unanswered", "no sign of life", "unanswered"],
  ["somethingNew", "", "somethingNew"],
  ["constructor", "", "constructor"],
])("%s, %s: reads %s", (kind, message, word) => {
  expect(kindOf({ kind, message }).word).toBe(word);
});
