// The stages of a machine's processes: one at a time for each, in order, and bounded.
import { expect, test } from "vitest";
import { stagesKept } from "../../../relay/store/stages.ts";
import type { Store } from "../../../relay/store/types.ts";
import { aMachine, aProcess } from "./records.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const stages = (store: Store, machineId = "mch_1") => store.listStages(machineId);

function enter(store: Store, stage: string | null, at: number, processId = "prc_1"): Promise<void> {
  return store.decide("mch_1", () => ({ result: undefined, stage: { processId, stage, at } }));
}

async function create(store: Store, id = "mch_1", processId = "prc_1"): Promise<void> {
  await store.createMachine(aMachine(id), { result: undefined, processes: [aProcess(processId, id)] }, null);
}

test("a stage begins where another was named, ends the one before, and is the machine's own", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store);
  await create(store, "mch_2", "prc_2");
  for (const [stage, at] of [
    ["ssh", 1_000],
    ["ssh", 1_200],
    ["engine", 1_500],
  ] as const)
    await enter(store, stage, at);
  const ssh = { processId: "prc_1", process: "create", stage: "ssh", startedAt: 1_000, endedAt: 1_500 };
  expect(await stages(store)).toStrictEqual([ssh, { ...ssh, stage: "engine", startedAt: 1_500, endedAt: null }]);
  expect(await stages(store, "mch_2")).toStrictEqual([]);
});

test("between two runs a process is in no stage, and the next run may enter the same one again", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store);
  for (const [stage, at] of [
    ["ssh", 1_000],
    [null, 1_200],
    [null, 1_300],
    ["ssh", 1_500],
  ] as const) {
    await enter(store, stage, at);
  }
  expect(await stages(store)).toMatchObject([
    { stage: "ssh", startedAt: 1_000, endedAt: 1_200 },
    { stage: "ssh", startedAt: 1_500, endedAt: null },
  ]);
});

test("the open stage of a process ends with it, and stays when the machine is deleted", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store);
  await enter(store, "ssh", 1_000);
  const ended = aProcess("prc_1", "mch_1", { state: "ended", outcome: "forgotten", endedAt: 1_900 });
  await store.decide("mch_1", () => ({
    result: undefined,
    machine: { state: "deleted" },
    processes: [ended, aProcess("prc_2", "mch_1", { name: "delete" })],
    forgetSecrets: true,
  }));
  await enter(store, "removing", 2_000, "prc_2");
  expect(await stages(await temporary.reopen())).toMatchObject([
    { process: "create", stage: "ssh", endedAt: 1_900 },
    { process: "delete", stage: "removing", endedAt: null },
  ]);
});

test("of a machine that enters stages for ever the newest are kept", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await create(store);
  await Promise.all(Array.from({ length: stagesKept + 20 }, (_, index) => enter(store, `stage ${index + 1}`, index)));
  const kept = await stages(store);
  expect(kept).toHaveLength(stagesKept);
  expect([kept[0]?.stage, kept.at(-1)?.stage]).toEqual(["stage 21", `stage ${stagesKept + 20}`]);
});
