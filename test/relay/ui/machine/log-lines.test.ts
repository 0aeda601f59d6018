// The lines that a page holds, and how it joins what it read to what it hears.
import { expect, test } from "vitest";
import type { LogLineView } from "../../../../relay/api/machine-records-view.ts";
import { followLog, type LogState } from "../../../../relay/ui/machine/log/follow-log.ts";
import {
  addLines,
  chunkLines,
  type LogLines,
  linesMax,
  noLines,
  type Row,
} from "../../../../relay/ui/machine/log/log-lines.ts";
import { createSearch } from "../../../../relay/ui/machine/log/search.ts";
import { shownText } from "../../../../relay/ui/machine/log/shown-text.ts";

const line = (number: number, processId = "prc_1"): LogLineView => ({
  number,
  processId,
  at: 1_790_000_000_000 + number,
  stream: "stdout",
  line: `line ${number}`,
});
const lines = (from: number, to: number, processId?: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index, processId));
const rowsOf = (log: LogLines) => log.chunks.flatMap(({ rows }) => rows);
const nameRow = (row: Row) =>
  row.kind === "line" ? row.number : row.kind === "gap" ? `gap of ${row.count}` : row.processId;

test("lines come in order, each once, with headings and gaps", () => {
  let log = addLines(noLines, lines(1, 3));
  log = addLines(log, lines(2, 4));
  log = addLines(log, lines(10, 11));
  log = addLines(log, lines(12, 12, "prc_2"));
  expect(rowsOf(log).map(nameRow)).toEqual(["prc_1", 1, 2, 3, 4, "gap of 5", 10, 11, "prc_2", 12]);
  expect(log).toMatchObject({ last: 12, lineCount: 7, taken: 7, forgotten: 0 });
});

test("what is full is never drawn again, and what brings nothing new changes nothing", () => {
  const before = addLines(noLines, lines(1, 2 * chunkLines + 5));
  const after = addLines(before, lines(2 * chunkLines + 6, 2 * chunkLines + 7));
  expect(before.chunks).toHaveLength(3);
  expect(after.chunks.map((chunk, index) => chunk === before.chunks[index])).toEqual([true, true, false]);
  expect(before.chunks[2]?.lineCount).toBe(5);
  expect(addLines(after, lines(1, 50))).toBe(after);
});

test("past the limit the oldest go, and are counted", () => {
  let log = noLines;
  for (let from = 1; from <= linesMax + 250; from += 50) log = addLines(log, lines(from, from + 49));
  expect(log.lineCount).toBeLessThanOrEqual(linesMax);
  expect(log.lineCount).toBeGreaterThan(linesMax - chunkLines);
  expect(log.lineCount + log.forgotten).toBe(linesMax + 250);
  expect(rowsOf(log).map(nameRow)[0]).toBe(log.forgotten + 1);
});

test("the copy is what is shown", () => {
  const log = addLines(noLines, [line(1), { ...line(5), line: "\u001b[31mfive\u001b[0m" }]);
  expect(shownText(log, { only: null, hasTimes: false })).toBe("(prc_1)\nline 1\n(3 lines are not kept)\nfive\n");
  expect(shownText(log, { only: createSearch("FIVE"), hasTimes: false })).toBe("five\n");
  expect(shownText(log, { only: createSearch("five"), hasTimes: true })).toMatch(/^\d\d:\d\d:\d\d\.005 five\n$/);
});

/** A relay that keeps lines, and answers when it is told to. */
function createScene(kept: LogLineView[]) {
  const taken: number[] = [];
  const states: LogState["state"][] = [];
  const asked: { after: number; answer(): void; fail(): void }[] = [];
  const follower = followLog({
    list: (after) =>
      new Promise((resolve, reject) => {
        const answer = () => {
          const data = kept.filter(({ number }) => number > after).slice(0, 3);
          const last = data.at(-1)?.number ?? null;
          resolve({ data, next: kept.some(({ number }) => last !== null && number > last) ? last : null });
        };
        asked.push({ after, answer, fail: () => reject(new Error("away")) });
      }),
    onLines: (fresh) => taken.push(...fresh.map(({ number }) => number)),
    onState: ({ state }) => states.push(state),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  async function answerAll(): Promise<void> {
    for (let next = asked.shift(); next; next = asked.shift()) {
      next.answer();
      await settle();
    }
  }
  return { kept, taken, states, asked, follower, settle, answerAll };
}

test("pages and what is heard meanwhile join exactly", async () => {
  const { kept, taken, follower, answerAll, states } = createScene(lines(1, 5));
  follower.load();
  kept.push(...lines(6, 8));
  follower.hear(lines(6, 6));
  follower.hear(lines(7, 8));
  await answerAll();
  follower.hear(lines(8, 9));
  expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(states).toEqual(["loading", "ready"]);
});

test("a line that was missed is asked for", async () => {
  const { kept, taken, asked, follower, answerAll } = createScene(lines(1, 2));
  follower.load();
  await answerAll();
  kept.push(...lines(3, 6));
  follower.hear(lines(5, 5));
  expect(asked.map(({ after }) => after)).toEqual([2]);
  follower.hear(lines(6, 6));
  await answerAll();
  expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a gap in what is kept is no reason to ask for ever", async () => {
  const { kept, taken, asked, follower, answerAll } = createScene(lines(1, 2));
  follower.load();
  await answerAll();
  kept.push(...lines(100, 101));
  follower.hear(lines(100, 101));
  await answerAll();
  follower.hear(lines(102, 102));
  expect(taken).toEqual([1, 2, 100, 101, 102]);
  expect(asked).toEqual([]);
});

test("who connects while a page is on its way asks once more", async () => {
  const { kept, taken, asked, follower, settle, answerAll } = createScene(lines(1, 2));
  follower.load();
  asked.shift()?.answer();
  follower.load();
  kept.push(line(3));
  await settle();
  await answerAll();
  expect(taken).toEqual([1, 2, 3]);
});

test("after a failure the next line that is heard brings the rest", async () => {
  const { taken, asked, states, follower, settle, answerAll } = createScene(lines(1, 4));
  follower.load();
  follower.hear(lines(3, 3));
  asked.shift()?.fail();
  await settle();
  expect(states).toEqual(["loading", "failed"]);
  follower.hear(lines(4, 4));
  await answerAll();
  expect(taken).toEqual([1, 2, 3, 4]);
});
