// What processes took: the newest that went well, of one driver, with their stages.
import { expect, test } from "vitest";
import { timedProcessesMax } from "../../../relay/store/durations.ts";
import type { Process, Store } from "../../../relay/store/types.ts";
import { aMachine, aProcess, nothing } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const done = (id: string, machineId: string, fields: Partial<Process> = {}) =>
  aProcess(id, machineId, { state: "ended", outcome: "done", startedAt: 1_000, endedAt: 2_000, ...fields });

async function create(store: Store, id: string, driver: string, processes: Process[]): Promise<void> {
  await store.createMachine(aMachine(id, { driver }), { result: undefined, processes }, null);
}

test("only processes that went well count, each with its driver's, also without a stage", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", "simulated", [
    done("prc_1", "mch_1", { endedAt: 4_000 }),
    done("prc_2", "mch_1", { name: "bootstrap", startedAt: 4_000, endedAt: 4_500 }),
    done("prc_3", "mch_1", { outcome: "error" }),
    done("prc_4", "mch_1", { outcome: "cancelled" }),
    aProcess("prc_5", "mch_1", { name: "delete" }),
  ]);
  await create(store, "mch_2", "generic", [done("prc_6", "mch_2")]);
  expect(await store.listDurations("simulated")).toStrictEqual([
    { process: "create", totalMs: 3_000, stages: [] },
    { process: "bootstrap", totalMs: 500, stages: [] },
  ]);
  expect(await store.listDurations("generic")).toStrictEqual([{ process: "create", totalMs: 1_000, stages: [] }]);
  expect(await store.listDurations("none")).toStrictEqual([]);
});

test("a process that comes to its good end later counts from then on, with its stages added up", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store, "mch_1", "simulated", [aProcess("prc_1", "mch_1")]);
  for (const [stage, at] of [
    ["key", 1_100],
    ["ssh", 1_200],
    ["key", 1_500],
    ["ssh", 1_600],
  ] as const) {
    await store.decide("mch_1", () => ({ result: undefined, stage: { processId: "prc_1", stage, at } }));
  }
  expect(await store.listDurations("simulated")).toStrictEqual([]);
  await store.decide("mch_1", () => ({ result: undefined, processes: [done("prc_1", "mch_1")] }));
  const stages = [
    { stage: "key", afterMs: 100, totalMs: 200 },
    { stage: "ssh", afterMs: 200, totalMs: 700 },
  ];
  expect(await store.listDurations("simulated")).toStrictEqual([{ process: "create", totalMs: 1_000, stages }]);
});

test("of each kind the newest count, and no more than are looked at", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.createMachine(aMachine("mch_1"), nothing, null);
  const processes = Array.from({ length: timedProcessesMax + 10 }, (_, index) =>
    done(`prc_${index}`, "mch_1", { startedAt: 0, endedAt: 1_000 + index }),
  );
  await store.decide("mch_1", () => ({ result: undefined, processes }));
  const times = (await store.listDurations("simulated")).map(({ totalMs }) => totalMs);
  expect(times).toHaveLength(timedProcessesMax);
  expect([times[0], times.at(-1)]).toEqual([1_000 + timedProcessesMax + 9, 1_010]);
});

test("a clock that was put back makes no time negative", async () => {
  await using temporary = await openTemporaryStore();
  await create(temporary.store, "mch_1", "simulated", [done("prc_1", "mch_1", { endedAt: 500 })]);
  expect(await temporary.store.listDurations("simulated")).toMatchObject([{ totalMs: 0 }]);
});
