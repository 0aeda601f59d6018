// Handlers: in the order in which they reply.
import { expect, test } from "vitest";
import { aHandler, aMachine, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

test("handlers are listed by event and order, are replaced by name, and survive a restart", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const own = aHandler("create");
  const dns = aHandler("dns", { order: 200, url: null, keyHash: "abc", source: "api", updatedAt: 2_000 });
  const check = aHandler("check", { event: "machine.delete" });
  await Promise.all([dns, own, { ...check, order: 50 }].map((handler) => store.putHandler(handler)));
  await store.putHandler({ ...check, order: -10 });
  const reopened = await temporary.reopen();
  expect(await reopened.listHandlers()).toStrictEqual([own, dns, { ...check, order: -10 }]);
});

test("a removed handler is gone; removing it again says that it was not there", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.putHandler(aHandler("dns"));
  expect(await store.deleteHandler("dns")).toBe(true);
  expect(await store.deleteHandler("dns")).toBe(false);
  expect(await store.listHandlers()).toStrictEqual([]);
});

test("a decision sees a handler that was changed just before it", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const look = () => store.decide("mch_1", ({ handlers }) => ({ result: handlers.map(({ name }) => name) }));
  const [, seen, , seenAfter] = await Promise.all([
    store.putHandler(aHandler("dns")),
    look(),
    store.deleteHandler("dns"),
    look(),
  ]);
  expect(seen).toStrictEqual(["dns"]);
  expect(seenAfter).toStrictEqual([]);
});
