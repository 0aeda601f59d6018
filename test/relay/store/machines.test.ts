// Machines as the store keeps them: written, read, listed page by page, and found by what they are.
import { expect, test } from "vitest";
import type { Machine, MachineFilter, Store } from "../../../relay/store/types.ts";
import { aMachine, anEntry, aProcess, firstPage, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const fullMachine: Machine = aMachine("mch_full", {
  name: "web-1",
  driver: "digitalocean",
  driverConfig: { accessToken: "secret", size: 2, ipv6: true, tags: ["a", "b"], sshKey: { content: "-----BEGIN" } },
  engine: { labels: { rack: "7" }, options: ["log-level=debug"] },
  labels: { team: "blue" },
  state: "error",
  progress: { message: "Creating machine...", percent: 42.5, stage: "create" },
  error: { code: "driver.failed", message: "no such region" },
  ipAddress: "203.0.113.7",
  engineVersion: "28.0.1",
  url: "tcp://203.0.113.7:2376",
  providerId: "123456",
  ssh: { user: "root", port: 22, keyFile: "machines/web-1-00000000/id_rsa" },
  isSimulated: false,
  resolved: { outcome: "providerId", providerId: "123456" },
  unsettledSince: 1_500,
  agentGeneration: 3,
  host: { state: "connected", registeredAt: 1_100, lastSeenAt: 1_200, engineVersion: null, containers: [] },
  deletedAt: null,
});

test("a machine is read back as it was written, also after a restart", async () => {
  await using temporary = await openTemporaryStore();
  const { machine, isNew } = await temporary.store.createMachine(fullMachine, nothing, null);
  expect(isNew).toBe(true);
  expect(machine).toStrictEqual(fullMachine);
  const reopened = await temporary.reopen();
  expect(await reopened.getMachine("mch_full")).toStrictEqual(fullMachine);
});

test("a machine that is not there is null", async () => {
  await using temporary = await openTemporaryStore();
  expect(await temporary.store.getMachine("mch_none")).toBeNull();
});

test("what is decided for a new machine is written with it", async () => {
  await using temporary = await openTemporaryStore({ clock: () => 7_000 });
  const { store } = temporary;
  const { machine } = await store.createMachine(
    aMachine("mch_1"),
    {
      result: undefined,
      machine: { state: "creating" },
      processes: [aProcess("prc_1", "mch_1")],
      archive: "QUJD",
      history: [anEntry("requested")],
    },
    null,
  );
  expect(machine).toMatchObject({ state: "creating", hasArchive: true, updatedAt: 7_000 });
  expect(await store.getProcess("prc_1")).toStrictEqual(aProcess("prc_1", "mch_1"));
  expect((await store.listHistory("mch_1", firstPage)).data).toMatchObject([{ message: "requested", at: 7_000 }]);
});

test("a name that another machine has is refused, and nothing of the second machine is left", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { name: "web-1" }), nothing, null);
  const second = store.createMachine(aMachine("mch_2", { name: "web-1" }), nothing, { key: "k", requestHash: "h" });
  await expect(second).rejects.toMatchObject({ code: "machine.nameTaken", field: "name", got: "web-1" });
  expect(await store.getMachine("mch_2")).toBeNull();
});

test("of two machines with one name in the same turn exactly one is made", async () => {
  await using temporary = await openTemporaryStore();
  const outcomes = await Promise.allSettled(
    ["mch_1", "mch_2"].map((id) => temporary.store.createMachine(aMachine(id, { name: "web-1" }), nothing, null)),
  );
  expect(outcomes.map(({ status }) => status)).toStrictEqual(["fulfilled", "rejected"]);
  expect((await temporary.store.listMachines({}, firstPage)).data.map(({ id }) => id)).toStrictEqual(["mch_1"]);
});

test("a machine cannot be renamed to a name that is taken", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { name: "web-1" }), nothing, null);
  await store.createMachine(aMachine("mch_2", { name: "web-2" }), nothing, null);
  const renamed = store.decide("mch_2", () => ({ result: undefined, machine: { name: "web-1" } }));
  await expect(renamed).rejects.toMatchObject({ code: "machine.nameTaken" });
});

test("a deleted machine stays readable, and its name is free again", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { name: "web-1" }), nothing, null);
  await store.decide("mch_1", () => ({ result: undefined, machine: { state: "deleted", deletedAt: 5_000 } }));
  await store.createMachine(aMachine("mch_2", { name: "web-1" }), nothing, null);
  expect(await store.getMachine("mch_1")).toMatchObject({ name: "web-1", state: "deleted", deletedAt: 5_000 });
});

test("machines come newest first, page by page, each once, however equal their times", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const ids = ["mch_a", "mch_b", "mch_c", "mch_d", "mch_e"];
  for (const [index, id] of ids.entries()) {
    await store.createMachine(aMachine(id, { createdAt: index < 2 ? 1_000 : 2_000 }), nothing, null);
  }
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await store.listMachines({}, { limit: 2, cursor });
    pages.push(page.data.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  expect(pages).toStrictEqual([["mch_e", "mch_d"], ["mch_c", "mch_b"], ["mch_a"]]);
});

test("a last page that is exactly full has no next", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.createMachine(aMachine("mch_1"), nothing, null);
  expect((await temporary.store.listMachines({}, { limit: 1, cursor: null })).next).toBeNull();
});

async function storeOfFour(store: Store): Promise<void> {
  const machines = [
    aMachine("mch_1", { name: "web-1", driver: "generic", labels: { team: "blue", 'a"b\\c.é $': "x'y" } }),
    aMachine("mch_2", { name: "web-2", driver: "simulated", labels: { team: "blue", tier: "1" }, state: "active" }),
    aMachine("mch_3", { name: "db-1", driver: "simulated", labels: { team: "red" }, state: "error" }),
    aMachine("mch_4", { name: "old-web", driver: "generic", labels: { team: "blue" }, state: "deleted" }),
  ];
  for (const machine of machines) await store.createMachine(machine, nothing, null);
}

test.each<[string, MachineFilter, string[]]>([
  ["nothing leaves out the deleted ones", {}, ["mch_3", "mch_2", "mch_1"]],
  ["includeDeleted", { includeDeleted: true }, ["mch_4", "mch_3", "mch_2", "mch_1"]],
  ["states", { states: ["active", "error"] }, ["mch_3", "mch_2"]],
  ["the state deleted by its name", { states: ["deleted"] }, ["mch_4"]],
  ["no state at all", { states: [] }, []],
  ["drivers", { drivers: ["generic"] }, ["mch_1"]],
  ["a label", { labels: { team: "blue" } }, ["mch_2", "mch_1"]],
  ["two labels", { labels: { team: "blue", tier: "1" } }, ["mch_2"]],
  ["a label with another value", { labels: { tier: "2" } }, []],
  ["a label full of quotes", { labels: { 'a"b\\c.é $': "x'y" } }, ["mch_1"]],
  ["a part of the name, whatever its case", { name: "WEB" }, ["mch_2", "mch_1"]],
  ["a name that would be a pattern", { name: "%" }, []],
  ["all at once", { name: "web", drivers: ["simulated"], states: ["active"], labels: { tier: "1" } }, ["mch_2"]],
])("machines are found by %s", async (_what, filter, expected) => {
  await using temporary = await openTemporaryStore();
  await storeOfFour(temporary.store);
  const { data } = await temporary.store.listMachines(filter, firstPage);
  expect(data.map(({ id }) => id)).toStrictEqual(expected);
});

test("machines are counted by state", async () => {
  await using temporary = await openTemporaryStore();
  await storeOfFour(temporary.store);
  expect(await temporary.store.countMachinesByState()).toStrictEqual({ requested: 1, active: 1, error: 1, deleted: 1 });
});
