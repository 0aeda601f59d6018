// Cursors: only what a list gave out leads on in it.
import { expect, test } from "vitest";
import type { Store } from "../../../relay/store/types.ts";
import { aMachine, anEntry, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

async function createThree(store: Store): Promise<string> {
  for (const id of ["mch_1", "mch_2", "mch_3"]) await store.createMachine(aMachine(id), nothing, null);
  const { next } = await store.listMachines({}, { limit: 1, cursor: null });
  return next as string;
}

const changeLast = (cursor: string) => cursor.slice(0, -1) + (cursor.endsWith("A") ? "B" : "A");

test.each<[string, (cursor: string) => string]>([
  ["nonsense", () => "nonsense"],
  ["an empty text", () => ""],
  ["one in plain words", () => Buffer.from(JSON.stringify([1_000, "mch_2"])).toString("base64url")],
  ["one with a changed end", (cursor) => changeLast(cursor.slice(0, -2)) + cursor.slice(-1)],
  ["one that is cut off", (cursor) => cursor.slice(0, -4)],
  ["one with a changed start", (cursor) => (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1)],
  ["one that is far too long", () => "A".repeat(100_000)],
])("a forged cursor is refused: %s", async (_what, forge) => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const page = { limit: 1, cursor: forge(await createThree(store)) };
  const refusal = { code: "request.invalid", field: "cursor" };
  await expect(store.listMachines({}, page)).rejects.toMatchObject(refusal);
  await expect(store.listProcesses({}, page)).rejects.toMatchObject(refusal);
  await expect(store.listHistory("mch_1", page)).rejects.toMatchObject(refusal);
});

test("a cursor of one list is refused by another, also by another machine's history", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const cursor = await createThree(store);
  await expect(store.listProcesses({}, { limit: 1, cursor })).rejects.toMatchObject({ code: "request.invalid" });
  await store.decide("mch_1", () => ({ result: undefined, history: [anEntry("a"), anEntry("b")] }));
  const { next } = await store.listHistory("mch_1", { limit: 1, cursor: null });
  await expect(store.listHistory("mch_2", { limit: 1, cursor: next })).rejects.toMatchObject({
    code: "request.invalid",
  });
});

test("a cursor still leads on after a restart, and after its own entry is gone", async () => {
  await using temporary = await openTemporaryStore();
  const cursor = await createThree(temporary.store);
  await temporary.store.decide("mch_3", () => ({ result: undefined, machine: { state: "deleted" } }));
  const store = await temporary.reopen();
  const { data } = await store.listMachines({}, { limit: 10, cursor });
  expect(data.map(({ id }) => id)).toStrictEqual(["mch_2", "mch_1"]);
});
