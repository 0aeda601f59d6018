// Processes, their steps, and the claims on them.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Process, Store } from "../../../relay/store/types.ts";
import { aMachine, aProcess, aRun, aStep, firstPage, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

async function create(store: Store, machineId: string, ...processes: Process[]): Promise<void> {
  await store.createMachine(aMachine(machineId), { result: undefined, processes }, null);
}

const put = (store: Store, machineId: string, ...processes: Process[]) =>
  store.decide(machineId, () => ({ result: undefined, processes }));

test("a process is replaced whole: steps change, come and go", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const steps = [aStep("evt_1", "prc_1"), aStep("evt_2", "prc_1", { position: 1, state: "pending" })];
  await create(store, "mch_1", aProcess("prc_1", "mch_1", { steps }));
  const changed = aProcess("prc_1", "mch_1", {
    state: "waiting",
    waitingFor: "resolve",
    attempt: 3,
    failures: 1,
    nextFireAt: 2_000,
    error: { code: "outcome.unknown", message: "somebody must look" },
    steps: [
      aStep("evt_3", "prc_1", { handler: "check", state: "done" }),
      aStep("evt_1", "prc_1", { position: 1, attempt: 3, run: 1, startedAt: 5 }),
    ],
  });
  await put(store, "mch_1", changed);
  expect(await store.getProcess("prc_1")).toStrictEqual(changed);
  expect(await store.findEvent("evt_2")).toBeNull();
});

test("a step that has a run cannot be dropped: what may still live is not forgotten", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", aProcess("prc_1", "mch_1"));
  await store.decide("mch_1", () => ({ result: undefined, runs: [aRun("evt_of_prc_1", 1)] }));
  const dropped = put(store, "mch_1", aProcess("prc_1", "mch_1", { steps: [] }));
  await expect(dropped).rejects.toMatchObject({ code: "store.failed" });
  expect((await store.getProcess("prc_1"))?.steps).toHaveLength(1);
});

test("two processes of one machine cannot run at a time, whoever decides so", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", aProcess("prc_1", "mch_1"));
  const second = put(store, "mch_1", aProcess("prc_2", "mch_1", { state: "waiting" }));
  await expect(second).rejects.toMatchObject({ code: "store.failed" });
});

test("one process may end and the next begin in the same decision, in whichever order they are given", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", aProcess("prc_1", "mch_1"));
  const ended = aProcess("prc_1", "mch_1", { state: "ended", outcome: "done", endedAt: 2_000 });
  await put(store, "mch_1", aProcess("prc_2", "mch_1", { name: "bootstrap" }), ended);
  expect(await store.getProcess("prc_1")).toMatchObject({ state: "ended" });
  expect(await store.getProcess("prc_2")).toMatchObject({ state: "running" });
});

test("an event leads to its machine and its process", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", aProcess("prc_1", "mch_1"));
  expect(await store.findEvent("evt_of_prc_1")).toStrictEqual({ machineId: "mch_1", processId: "prc_1" });
  expect(await store.findEvent("evt_none")).toBeNull();
});

async function createFive(store: Store): Promise<void> {
  const ended = { state: "ended", outcome: "done", endedAt: 2_000 } as const;
  await create(store, "mch_1", aProcess("prc_1", "mch_1", ended));
  await create(store, "mch_2", aProcess("prc_2", "mch_2", ended));
  await put(store, "mch_1", aProcess("prc_3", "mch_1"));
  await put(store, "mch_1", aProcess("prc_4", "mch_1", { state: "queued" }));
  await put(store, "mch_2", aProcess("prc_5", "mch_2", { state: "cancelling" }));
}

test.each<[string, Parameters<Store["listProcesses"]>[0], string[]]>([
  ["all", {}, ["prc_5", "prc_4", "prc_3", "prc_2", "prc_1"]],
  ["open", { isOpen: true }, ["prc_5", "prc_4", "prc_3"]],
  ["ended", { isOpen: false }, ["prc_2", "prc_1"]],
  ["of one machine", { machineId: "mch_1" }, ["prc_4", "prc_3", "prc_1"]],
  ["open, of one machine", { machineId: "mch_1", isOpen: true }, ["prc_4", "prc_3"]],
  ["ended, of one machine", { machineId: "mch_1", isOpen: false }, ["prc_1"]],
])("processes are listed newest first, page by page: %s", async (_which, filter, expected) => {
  await using temporary = await openTemporaryStore();
  await createFive(temporary.store);
  const listed: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await temporary.store.listProcesses(filter, { limit: 2, cursor });
    listed.push(...page.data.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  expect(listed).toStrictEqual(expected);
});

test("the current process of each machine is its oldest open one", async () => {
  await using temporary = await openTemporaryStore();
  await createFive(temporary.store);
  await temporary.store.createMachine(aMachine("mch_3"), nothing, null);
  const current = await temporary.store.listCurrentProcesses(["mch_3", "mch_2", "mch_1", "mch_none"]);
  expect(current.map(({ id }) => id).sort()).toStrictEqual(["prc_3", "prc_5"]);
  expect(current.every(({ steps }) => steps.length === 1)).toBe(true);
});

test("processes are counted by state", async () => {
  await using temporary = await openTemporaryStore();
  await createFive(temporary.store);
  const counts = await temporary.store.countProcessesByState();
  expect(counts).toStrictEqual({ running: 1, queued: 1, cancelling: 1, ended: 2 });
});

test("a restart takes up what runs, waits or is cancelled, oldest first, and takes over every claim", async () => {
  await using temporary = await openTemporaryStore();
  await createFive(temporary.store);
  const before = await readClaims(temporary);
  expect(new Set(before.values()).size).toBe(1);

  await temporary.reopen();
  const open = await temporary.store.listOpenProcesses();
  expect(open).toStrictEqual([
    { id: "prc_3", machineId: "mch_1", state: "running" },
    { id: "prc_5", machineId: "mch_2", state: "cancelling" },
  ]);
  const after = await readClaims(temporary);
  expect([...after.keys()]).toStrictEqual(["prc_3", "prc_4", "prc_5"]);
  expect(new Set(after.values()).size).toBe(1);
  expect(after.get("prc_3")).not.toBe(before.get("prc_3"));
});

/** Who claims what, read from the file: no unit tells. Closes the store. */
async function readClaims({ store, directory }: { store: Store; directory: string }): Promise<Map<string, string>> {
  await store.close();
  const database = new DatabaseSync(join(directory, "relay.db"), { readOnly: true });
  try {
    const rows = database
      .prepare("SELECT id, claimed_by FROM processes WHERE claimed_by IS NOT NULL ORDER BY id")
      .all();
    return new Map(rows.map((row) => [row.id as string, row.claimed_by as string]));
  } finally {
    database.close();
  }
}

test("a machine's processes can be listed while others have thousands", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", aProcess("prc_own", "mch_1"));
  const ended = { state: "ended", outcome: "done", endedAt: 1 } as const;
  const many = Array.from({ length: 1_500 }, (_, index) => aProcess(`prc_${index}`, "mch_2", ended));
  await create(store, "mch_2", ...many);
  expect((await store.listProcesses({ machineId: "mch_1" }, firstPage)).data).toHaveLength(1);
  // Past the store's own limit a page is cut, and says that more follows.
  const page = await store.listProcesses({ machineId: "mch_2" }, { limit: 5_000, cursor: null });
  expect(page.data).toHaveLength(1_000);
  expect(page.next).not.toBeNull();
});
