// One decision: what it sees, what it writes, and that it is all or nothing.
import { expect, test } from "vitest";
import type { Snapshot } from "../../../relay/store/types.ts";
import { aHandler, aMachine, anEntry, aProcess, aRun, aStep, firstPage, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

test("a decision sees the machine, its open processes, the last that ended, the current runs and all handlers", async () => {
  let now = 1_000;
  await using temporary = await openTemporaryStore({ clock: () => now });
  const { store } = temporary;
  await store.putHandler(aHandler("create"));
  const first = aProcess("prc_1", "mch_1", { state: "ended", outcome: "error", endedAt: 1_100 });
  const second = aProcess("prc_2", "mch_1", { state: "ended", outcome: "done", endedAt: 1_200 });
  const current = aProcess("prc_3", "mch_1", {
    state: "cancelling",
    waitingFor: "handler create",
    attempt: 4,
    nextFireAt: 1_900,
    failures: 2,
    error: { code: "function.silent", message: "nothing heard" },
    cancelledAt: 1_800,
    steps: [
      aStep("evt_done", "prc_3", { state: "done", endedAt: 1_500 }),
      aStep("evt_active", "prc_3", { position: 1, handler: "dns", attempt: 4, run: 2, startedAt: 1_600 }),
      aStep("evt_pending", "prc_3", { position: 2, handler: "last", state: "pending" }),
    ],
  });
  const queued = aProcess("prc_4", "mch_1", { name: "delete", state: "queued", startedAt: null });
  const runs = [
    aRun("evt_active", 1, { endedAt: 1_700, isClean: false, endReason: "lease", leaseMs: null, deadlineAt: 9_000 }),
    aRun("evt_active", 2, { startedAt: 1_750 }),
  ];
  await store.createMachine(
    aMachine("mch_1"),
    {
      result: undefined,
      // The other order than that of the processes: the store must not depend on it.
      processes: [current, queued, first, second],
      runs: [...runs.toReversed(), aRun("evt_done", 1, { isClean: true, endedAt: 1_400 })],
    },
    null,
  );
  now = 2_000;
  const seen = await store.decide("mch_1", (snapshot) => ({ result: snapshot }));
  expect(seen).toStrictEqual({
    now: 2_000,
    machine: aMachine("mch_1"),
    open: [current, queued],
    last: second,
    runs,
    handlers: [aHandler("create")],
  } satisfies Snapshot);
  expect(await store.getCurrent("mch_1")).toStrictEqual({ process: current, runs });
});

test("a look at the current process shows what is committed, and waits for nothing that is not", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const process = aProcess("prc_1", "mch_1");
  const opened = store.decide("mch_1", () => ({ result: undefined, processes: [process] }));
  expect(await store.getCurrent("mch_1")).toStrictEqual({ process: null, runs: [] });
  await opened;
  expect(await store.getCurrent("mch_1")).toStrictEqual({ process, runs: [] });
});

test("a machine without processes is seen with none", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.createMachine(aMachine("mch_1"), nothing, null);
  const seen = await temporary.store.decide("mch_1", ({ open, last, runs }) => ({ result: { open, last, runs } }));
  expect(seen).toStrictEqual({ open: [], last: null, runs: [] });
});

test("a decision about an unknown machine is never asked for", async () => {
  await using temporary = await openTemporaryStore();
  let isAsked = false;
  const decided = temporary.store.decide("mch_none", () => {
    isAsked = true;
    return nothing;
  });
  await expect(decided).rejects.toMatchObject({ code: "machine.unknown", got: "mch_none" });
  expect(isAsked).toBe(false);
});

test("a decision's changes are on disk when it resolves, and its result is handed on", async () => {
  await using temporary = await openTemporaryStore({ clock: () => 3_000 });
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1", { driverConfig: { token: "old" }, labels: { a: "1" } }), nothing, null);
  const result = await store.decide("mch_1", () => ({
    result: "handed on",
    machine: { driverConfig: { token: "new" }, ipAddress: "203.0.113.7", error: undefined as never },
    processes: [aProcess("prc_1", "mch_1")],
    runs: [aRun("evt_of_prc_1", 1)],
    archive: "QUJD",
    stray: { archive: "WFla", eventId: "evt_x", reason: "an old run" },
    history: [anEntry("fired", { at: 2_500 })],
  }));
  expect(result).toBe("handed on");
  const reopened = await temporary.reopen();
  expect(await reopened.getMachine("mch_1")).toStrictEqual(
    aMachine("mch_1", {
      driverConfig: { token: "new" },
      labels: { a: "1" },
      ipAddress: "203.0.113.7",
      hasArchive: true,
      updatedAt: 3_000,
    }),
  );
  expect(await reopened.getProcess("prc_1")).toStrictEqual(aProcess("prc_1", "mch_1"));
  expect(await reopened.decide("mch_1", ({ runs }) => ({ result: runs }))).toStrictEqual([aRun("evt_of_prc_1", 1)]);
  expect(await reopened.getArchive("mch_1")).toBe("QUJD");
  expect(await reopened.listStrays("mch_1")).toStrictEqual([{ at: 3_000, reason: "an old run", archive: "WFla" }]);
  expect((await reopened.listHistory("mch_1", firstPage)).data).toMatchObject([{ message: "fired", at: 2_500 }]);
});

test("a decision that throws rejects with its own error and changes nothing, and the others of its turn stand", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const own = new Error("not like this");
  const outcomes = await Promise.allSettled([
    store.decide("mch_1", () => ({ result: undefined, history: [anEntry("before")] })),
    store.decide("mch_1", () => {
      throw own;
    }),
    store.decide("mch_1", () => ({ result: undefined, history: [anEntry("after")] })),
  ]);
  expect(outcomes[1]).toStrictEqual({ status: "rejected", reason: own });
  const { data } = await store.listHistory("mch_1", firstPage);
  expect(data.map(({ message }) => message)).toStrictEqual(["before", "after"]);
});

test("a decision that fails half-way through its writing leaves none of it", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const decided = store.decide("mch_1", () => ({
    result: undefined,
    machine: { state: "creating" },
    processes: [aProcess("prc_1", "mch_1")],
    // Written after the two before it, and refused: there is no such event.
    runs: [aRun("evt_unknown", 1)],
  }));
  await expect(decided).rejects.toMatchObject({ code: "store.failed" });
  expect(await store.getMachine("mch_1")).toMatchObject({ state: "requested" });
  expect(await store.getProcess("prc_1")).toBeNull();
});

test("decisions of one turn see each other's outcome in their order", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const generations = await Promise.all(
    Array.from({ length: 5 }, () =>
      store.decide("mch_1", ({ machine }) => ({
        result: machine.agentGeneration,
        machine: { agentGeneration: machine.agentGeneration + 1 },
      })),
    ),
  );
  expect(generations).toStrictEqual([1, 2, 3, 4, 5]);
});

test("a decision that changes nothing leaves the time of the last change", async () => {
  await using temporary = await openTemporaryStore({ clock: () => 9_000 });
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  await store.decide("mch_1", () => ({ result: undefined, machine: {}, history: [anEntry("looked at")] }));
  expect(await store.getMachine("mch_1")).toMatchObject({ updatedAt: 1_000 });
});

test("a decision cannot write the host, not even by working on the machine that it was shown", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const host = { state: "left", registeredAt: 1, lastSeenAt: 1, engineVersion: null, containers: [] } as const;
  await store.decide("mch_1", ({ machine }) => {
    machine.host = { ...host, containers: [] };
    machine.state = "error";
    return { result: undefined, machine: { url: "tcp://x" } };
  });
  expect(await store.getMachine("mch_1")).toMatchObject({ host: null, state: "requested", url: "tcp://x" });
});

test("forgetting the secrets removes options, archive, strays and log, and keeps the history and whose agent that was", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(
    aMachine("mch_1", { driverConfig: { token: "secret" } }),
    { result: undefined, processes: [aProcess("prc_1", "mch_1")], archive: "QUJD", history: [anEntry("made")] },
    null,
  );
  await store.appendLog("mch_1", "prc_1", [{ at: 1, stream: "stdout", line: "Creating machine..." }]);
  await store.saveAgentToken("token hash", "mch_1", 1);
  await store.decide("mch_1", () => ({
    result: undefined,
    machine: { state: "deleted", deletedAt: 2_000 },
    // Brought by the very reply that ends the machine: it must not stay either.
    archive: "REVG",
    stray: { archive: "WFla", eventId: null, reason: "late" },
    forgetSecrets: true,
  }));
  expect(await store.getMachine("mch_1")).toMatchObject({ driverConfig: {}, hasArchive: false, state: "deleted" });
  expect(await store.getArchive("mch_1")).toBeNull();
  expect(await store.listStrays("mch_1")).toStrictEqual([]);
  expect((await store.listLog("mch_1", { limit: 10, after: 0 })).data).toStrictEqual([]);
  // An agent that still runs must hear that its machine is gone, and end itself.
  expect(await store.findAgentToken("token hash")).toStrictEqual({ machineId: "mch_1", generation: 1 });
  expect((await store.listHistory("mch_1", firstPage)).data).toHaveLength(1);
});
