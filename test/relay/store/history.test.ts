// A machine's history: in order, page by page, and bounded.
import { expect, test } from "vitest";
import { historyFirstKept, historyLastKept } from "../../../relay/store/history.ts";
import { aMachine, anEntry, firstPage, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

test("history comes oldest first, page by page, each machine with its own", async () => {
  await using temporary = await openTemporaryStore({ clock: () => 5_000 });
  const { store } = temporary;
  for (const id of ["mch_1", "mch_2"]) await store.createMachine(aMachine(id), nothing, null);
  const entry = anEntry("fired", {
    processId: "prc_1",
    eventId: "evt_1",
    kind: "fired",
    attempt: 2,
    run: 1,
    at: 4_000,
  });
  await store.decide("mch_1", () => ({ result: undefined, history: [entry, anEntry("second")] }));
  await store.decide("mch_2", () => ({ result: undefined, history: [anEntry("of the other")] }));
  await store.decide("mch_1", () => ({ result: undefined, history: [anEntry("third")] }));

  const first = await store.listHistory("mch_1", { limit: 2, cursor: null });
  expect(first.data).toStrictEqual([
    { ...entry, id: 1, machineId: "mch_1", at: 4_000 },
    { ...anEntry("second"), id: 2, machineId: "mch_1", at: 5_000 },
  ]);
  const second = await store.listHistory("mch_1", { limit: 2, cursor: first.next });
  expect(second).toMatchObject({ data: [{ id: 3, message: "third" }], next: null });
  const since = async (after: number, limit = 10) => store.listHistory("mch_1", { limit, cursor: null, after });
  expect((await since(1)).data.map(({ id }) => id)).toStrictEqual([2, 3]);
  expect(await since(3)).toStrictEqual({ data: [], next: null });
  // What does not fit on its page goes on by cursor.
  const { next } = await since(1, 1);
  expect((await store.listHistory("mch_1", { limit: 1, cursor: next })).data.map(({ id }) => id)).toStrictEqual([3]);
});

test("a history that grows for ever keeps its start and its end", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const total = historyFirstKept + historyLastKept + 500;
  const history = Array.from({ length: total }, (_, index) => anEntry(`entry ${index + 1}`));
  await store.decide("mch_1", () => ({ result: undefined, history }));

  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.listHistory("mch_1", { ...firstPage, cursor });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  expect(ids).toHaveLength(historyFirstKept + historyLastKept);
  expect(ids[historyFirstKept - 1]).toBe(historyFirstKept);
  expect(ids[historyFirstKept]).toBe(total - historyLastKept + 1);
  expect(ids.at(-1)).toBe(total);
});
