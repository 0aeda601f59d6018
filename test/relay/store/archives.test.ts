// Archives: the one that counts, and those that were kept aside.
import { expect, test } from "vitest";
import { straysMax } from "../../../relay/store/archives.ts";
import { aMachine, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

test("an archive is replaced by the next, and removed by null", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  expect(await store.getArchive("mch_1")).toBeNull();
  for (const archive of ["first", "second"]) await store.decide("mch_1", () => ({ result: undefined, archive }));
  expect(await store.getArchive("mch_1")).toBe("second");
  await store.decide("mch_1", () => ({ result: undefined, machine: { url: "tcp://x" } }));
  expect(await store.getArchive("mch_1")).toBe("second");
  await store.decide("mch_1", () => ({ result: undefined, archive: null }));
  expect(await store.getArchive("mch_1")).toBeNull();
  expect(await store.getMachine("mch_1")).toMatchObject({ hasArchive: false });
});

test("the same stray is kept once, with the newest reason; of many the newest stay", async () => {
  let now = 0;
  await using temporary = await openTemporaryStore({ clock: () => now });
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const keep = (archive: string, reason: string) => {
    now += 1;
    return store.decide("mch_1", () => ({ result: undefined, stray: { archive, eventId: null, reason } }));
  };
  await keep("one", "at first");
  await keep("two", "another");
  await keep("one", "again");
  expect(await store.listStrays("mch_1")).toStrictEqual([
    { at: 2, reason: "another", archive: "two" },
    { at: 3, reason: "again", archive: "one" },
  ]);
  for (let number = 0; number < straysMax; number += 1) await keep(`more ${number}`, "many");
  const strays = await store.listStrays("mch_1");
  expect(strays).toHaveLength(straysMax);
  expect(strays.every(({ reason }) => reason === "many")).toBe(true);
});
