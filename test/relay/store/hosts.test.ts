// Hosts and the tokens by which they are known.
import { expect, test } from "vitest";
import { joinTokenKeptMs } from "../../../relay/store/tokens.ts";
import type { Host } from "../../../relay/store/types.ts";
import { aMachine, anEntry, firstPage, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const aHost = (fields: Partial<Host> = {}): Host => ({
  state: "connected",
  registeredAt: 1_000,
  lastSeenAt: 1_000,
  engineVersion: "28.0.1",
  containers: [{ id: "c1", name: "machine-relay-agent", image: "docker:28-cli", state: "running" }],
  ...fields,
});

test("a report is written whole and leaves the rest of the machine as it is", async () => {
  let now = 1_000;
  await using temporary = await openTemporaryStore({ clock: () => now });
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { state: "active" }), nothing, null);
  now = 2_000;
  const first = await store.saveHost("mch_1", aHost(), anEntry("has reported in", { kind: "agent" }));
  expect(first).toStrictEqual(aMachine("mch_1", { state: "active", host: aHost(), updatedAt: 2_000 }));
  expect((await store.listHistory("mch_1", firstPage)).data).toMatchObject([{ message: "has reported in", at: 2_000 }]);
  now = 3_000;
  // The next of many reports is no change of the machine; a host that falls silent is.
  expect(await store.saveHost("mch_1", aHost({ lastSeenAt: 3_000 }))).toMatchObject({ updatedAt: 2_000 });
  expect(await store.saveHost("mch_1", aHost({ state: "reconnecting" }))).toMatchObject({ updatedAt: 3_000 });
});

test("a report about an unknown machine is refused", async () => {
  await using temporary = await openTemporaryStore();
  await expect(temporary.store.saveHost("mch_none", aHost())).rejects.toMatchObject({ code: "machine.unknown" });
});

test("silent are the connected hosts that were last seen before then, and no others", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const hosts: [string, Host | null][] = [
    ["mch_silent", aHost({ lastSeenAt: 1_999 })],
    ["mch_longer", aHost({ lastSeenAt: 500 })],
    ["mch_fresh", aHost({ lastSeenAt: 2_000 })],
    ["mch_known", aHost({ state: "reconnecting", lastSeenAt: 1 })],
    ["mch_gone", aHost({ state: "left", lastSeenAt: 1 })],
    ["mch_deleted", aHost({ lastSeenAt: 1 })],
    ["mch_without", null],
  ];
  for (const [id, host] of hosts) {
    await store.createMachine(aMachine(id, { state: id === "mch_deleted" ? "deleted" : "active" }), nothing, null);
    if (host !== null) await store.saveHost(id, host);
  }
  const silent = await store.listSilentHosts(2_000);
  expect(silent.map(({ id }) => id)).toStrictEqual(["mch_longer", "mch_silent"]);
});

test("an agent's token is found by its hash", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  await store.saveAgentToken("hash", "mch_1", 1);
  await store.saveAgentToken("hash", "mch_1", 2);
  expect(await store.findAgentToken("hash")).toStrictEqual({ machineId: "mch_1", generation: 2 });
  expect(await store.findAgentToken("other")).toBeNull();
  await expect(store.saveAgentToken("h", "mch_none", 1)).rejects.toMatchObject({ code: "machine.unknown" });
});

test("a join token is found by its hash, expired ones for a while", async () => {
  let now = 1_000;
  await using temporary = await openTemporaryStore({ clock: () => now });
  const { store } = temporary;
  const token = { createdAt: 1_000, expiresAt: 2_000, labels: { rack: "7" } };
  await store.saveJoinToken({ hash: "first", ...token });
  now = 2_000 + joinTokenKeptMs;
  await store.saveJoinToken({ hash: "second", ...token });
  expect(await store.findJoinToken("first")).toStrictEqual(token);
  now += 1;
  await store.saveJoinToken({ hash: "third", ...token });
  expect(await store.findJoinToken("first")).toBeNull();
  expect(await store.findJoinToken("third")).toStrictEqual(token);
});
