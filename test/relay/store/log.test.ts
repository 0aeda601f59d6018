// A machine's log: numbered, in order, and bounded for each process.
import { expect, test } from "vitest";
import { logLinesFirstKept, logLinesLastKept } from "../../../relay/store/log.ts";
import type { Store } from "../../../relay/store/types.ts";
import { aMachine, aProcess, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const lines = (count: number, text = "line") =>
  Array.from({ length: count }, (_, index) => ({ at: index, stream: "stdout" as const, line: `${text} ${index + 1}` }));

async function createMachine(store: Store): Promise<void> {
  const ended = { state: "ended", outcome: "done", endedAt: 1 } as const;
  const processes = [aProcess("prc_1", "mch_1", ended), aProcess("prc_2", "mch_1")];
  await store.createMachine(aMachine("mch_1"), { result: undefined, processes }, null);
}

async function listNumbers(store: Store, processId?: string): Promise<number[]> {
  const numbers: number[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page = await store.listLog("mch_1", { limit: 1_000, after, ...(processId && { processId }) });
    numbers.push(...page.data.map(({ number }) => number));
    after = page.next;
  }
  return numbers;
}

test("lines are numbered through all processes of a machine, and paged by number", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await createMachine(store);
  await store.appendLog("mch_1", "prc_1", lines(2, "create"));
  const appended = await store.appendLog("mch_1", "prc_2", [{ at: 9, stream: "note", line: "größer 🙂\u0000" }]);
  expect(appended).toStrictEqual([{ number: 3, at: 9, stream: "note", line: "größer 🙂\u0000" }]);
  expect(await store.appendLog("mch_1", "prc_1", [])).toStrictEqual([]);
  const first = await store.listLog("mch_1", { limit: 2, after: 0 });
  expect(first).toStrictEqual({
    data: [
      { number: 1, processId: "prc_1", at: 0, stream: "stdout", line: "create 1" },
      { number: 2, processId: "prc_1", at: 1, stream: "stdout", line: "create 2" },
    ],
    next: 2,
  });
  expect(await store.listLog("mch_1", { limit: 2, after: 2 })).toStrictEqual({
    data: [{ number: 3, processId: "prc_2", at: 9, stream: "note", line: "größer 🙂\u0000" }],
    next: null,
  });
  expect(await listNumbers(store, "prc_2")).toStrictEqual([3]);
});

test("of each process the start and the end stay, however it grows, and no number comes twice", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await createMachine(store);
  await store.appendLog("mch_1", "prc_1", lines(10));
  const kept = logLinesFirstKept + logLinesLastKept;
  for (const count of [kept - 1, 1, 1, 700]) await store.appendLog("mch_1", "prc_2", lines(count));

  const numbers = await listNumbers(store, "prc_2");
  const last = 10 + kept + 701;
  expect(numbers).toHaveLength(kept);
  expect(numbers.slice(0, logLinesFirstKept)).toStrictEqual(
    Array.from({ length: logLinesFirstKept }, (_, index) => 11 + index),
  );
  expect(numbers.slice(logLinesFirstKept)).toStrictEqual(
    Array.from({ length: logLinesLastKept }, (_, index) => last - logLinesLastKept + 1 + index),
  );
  expect(await listNumbers(store, "prc_1")).toHaveLength(10);
});

test("exactly as many lines as are kept lose none", async () => {
  await using temporary = await openTemporaryStore();
  await createMachine(temporary.store);
  await temporary.store.appendLog("mch_1", "prc_2", lines(logLinesFirstKept + logLinesLastKept));
  expect(await listNumbers(temporary.store)).toHaveLength(logLinesFirstKept + logLinesLastKept);
});

test("numbers go on after the log was forgotten, and a deleted machine's late lines are dropped", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await createMachine(store);
  await store.appendLog("mch_1", "prc_2", lines(3));
  await store.decide("mch_1", () => ({ result: undefined, forgetSecrets: true }));
  await store.appendLog("mch_1", "prc_2", lines(1));
  expect(await listNumbers(store)).toStrictEqual([4]);
  await store.decide("mch_1", () => ({ result: undefined, machine: { state: "deleted" }, forgetSecrets: true }));
  expect(await store.appendLog("mch_1", "prc_2", lines(1))).toStrictEqual([]);
  expect(await listNumbers(store)).toStrictEqual([]);
});

test("a log of an unknown machine or process is refused", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  await expect(store.appendLog("mch_none", "prc_1", lines(1))).rejects.toMatchObject({ code: "machine.unknown" });
  await expect(store.appendLog("mch_1", "prc_none", lines(1))).rejects.toMatchObject({ code: "store.failed" });
});
