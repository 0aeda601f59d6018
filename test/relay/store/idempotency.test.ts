// Idempotency keys: the same request twice makes one machine.
import { expect, test } from "vitest";
import { idempotencyKeptMs } from "../../../relay/store/idempotency.ts";
import { aMachine, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const key = { key: "key-1", requestHash: "hash of the request" };

test("the same request with the same key answers the machine of the first, also in the same turn", async () => {
  await using temporary = await openTemporaryStore();
  const answers = await Promise.all(
    ["mch_1", "mch_2"].map((id) => temporary.store.createMachine(aMachine(id, { name: "web-1" }), nothing, key)),
  );
  expect(answers.map(({ machine, isNew }) => [machine.id, isNew])).toStrictEqual([
    ["mch_1", true],
    ["mch_1", false],
  ]);
  expect(await temporary.store.getMachine("mch_2")).toBeNull();
});

test("another request with the same key is refused, and makes nothing", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, key);
  const other = store.createMachine(aMachine("mch_2"), nothing, { ...key, requestHash: "of another" });
  await expect(other).rejects.toMatchObject({ code: "idempotency.conflict", field: "Idempotency-Key" });
  expect(await store.getMachine("mch_2")).toBeNull();
});

test("a key that made nothing, because its request was refused, is still new", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { name: "web-1" }), nothing, null);
  const refused = store.createMachine(aMachine("mch_2", { name: "web-1" }), nothing, key);
  await expect(refused).rejects.toMatchObject({ code: "machine.nameTaken" });
  const { isNew } = await store.createMachine(aMachine("mch_3"), nothing, { ...key, requestHash: "of another" });
  expect(isNew).toBe(true);
});

test("a key is remembered for a day, over a restart, and then new again", async () => {
  let now = 0;
  await using temporary = await openTemporaryStore({ clock: () => now });
  await temporary.store.createMachine(aMachine("mch_1"), nothing, key);
  now = idempotencyKeptMs - 1;
  const store = await temporary.reopen();
  expect(await store.createMachine(aMachine("mch_2"), nothing, key)).toMatchObject({ isNew: false });
  now = idempotencyKeptMs;
  expect(await store.createMachine(aMachine("mch_3"), nothing, key)).toMatchObject({ isNew: true });
});
