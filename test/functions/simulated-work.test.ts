// create, bootstrap and delete against the bundled cloud, which can be asked what it has: the census is believed more
// than any word.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildBootstrap } from "../../functions/bootstrap.ts";
import type { DriverConfig, EventMachine } from "../../functions/contract.ts";
import { buildCreate } from "../../functions/create.ts";
import { buildDelete } from "../../functions/delete.ts";
import { fakeDockerMachine, launch, machineOf, type RunOptions, runWork, temporaryDirectory } from "./work-scene.ts";

async function simulatedCloud() {
  const cloud = await temporaryDirectory();
  const { tools } = await fakeDockerMachine({}, { simulatedCloudDirectory: cloud, settleMs: 1500 });
  const machine = (driverConfig: DriverConfig, changes: Partial<EventMachine> = {}) =>
    machineOf({ driver: "simulated", driverConfig: { durationMs: 50, ...driverConfig }, ...changes });
  return {
    tools,
    vms: async () => (await readdir(join(cloud, "vms")).catch(() => [])).length,
    create: (driverConfig: DriverConfig = {}, changes: Partial<EventMachine> = {}, options: Partial<RunOptions> = {}) =>
      runWork(buildCreate(tools), tools, { machine: machine(driverConfig, changes), ...options }),
    remove: (driverConfig: DriverConfig, changes: Partial<EventMachine>) =>
      runWork(buildDelete(tools), tools, { machine: machine(driverConfig, changes) }),
    bootstrap: (changes: Partial<EventMachine>) =>
      runWork(buildBootstrap(tools), tools, { machine: machine({}, changes), agent: launch }),
  };
}

test("a machine is made, gets one agent however often, and is gone again", async () => {
  const cloud = await simulatedCloud();
  const { result } = await cloud.create();
  expect(result).toMatchObject({
    transitioning: "no",
    machine: { providerId: expect.stringMatching(/^vm-/), ssh: null },
  });
  expect(result.machine.engineVersion).toContain("simulated");
  expect(await cloud.vms()).toBe(1);
  const { archive } = result.machine;
  expect((await cloud.bootstrap({ archive: archive! })).result.transitioning).toBe("no");
  const second = await cloud.bootstrap({ archive: archive! });
  expect(second.progress.map(({ message }) => message)).not.toContain("Starting the agent");
  expect((await cloud.remove({}, { archive: archive! })).result).toMatchObject({ transitioning: "no" });
  expect(await cloud.vms()).toBe(0);
});

describe("a create that fails leaves no VM", () => {
  test.each<[string, DriverConfig, string]>([
    [
      "after the VM was made",
      { failAt: "provisioning", failMessage: "no luck" },
      "no luck (what was made has been removed)",
    ],
    ["when its answer is lost", { loseAnswer: true }, "EOF (what was made has been removed)"],
    ["when it kills itself", { dieAt: "starting" }, "It was ended by SIGKILL"],
    ["also one that comes later", { loseAnswer: true, lateVmMs: 700 }, "EOF (what was made has been removed)"],
  ])("%s", async (_, driverConfig, words) => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create(driverConfig);
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed", machine: { archive: null } });
    expect(result.message).toContain(words);
    expect(await cloud.vms()).toBe(0);
  });

  test("when its time is over", async () => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create({ hangAt: "ssh" }, {}, { deadlineMs: 3000 });
    expect(result).toMatchObject({ code: "driver.timeout", machine: { archive: null } });
    expect(await cloud.vms()).toBe(0);
  });

  test("at its checks, and says what the cloud said", async () => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create({ accessToken: "wrong" });
    expect(result).toMatchObject({ code: "driver.failed", machine: { archive: null } });
    expect(result.message).toMatch(/401/);
  });

  test("or keeps all that is needed to remove it, and says that it could not", async () => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create({ failAt: "provisioning", remove: "fail" });
    expect(result).toMatchObject({
      transitioning: "error",
      code: "driver.failed",
      machine: { archive: expect.any(String) },
    });
    expect(result.message).toContain("what was made could not be removed");
    expect(await cloud.vms()).toBe(1);
  });
});

describe("a create after an unclean end leaves one VM", () => {
  test("when a VM of before is in the cloud, and no record of it here", async () => {
    const cloud = await simulatedCloud();
    await cloud.create();
    const { result, log } = await cloud.create({}, { unsettledMs: 0 });
    expect(result.transitioning).toBe("no");
    expect(log.filter(({ line }) => line.includes("The census found"))).toHaveLength(1);
    expect(await cloud.vms()).toBe(1);
  });

  test("when the VM of before appears while the new one is made", async () => {
    const cloud = await simulatedCloud();
    // Ended without a chance to clean up, with a call on its way that makes a VM.
    const stop = new AbortController();
    const said = { progress: [], log: [], checkpoints: [] as string[], secrets: [] };
    const options = { signal: stop.signal, said, onCheckpoint: () => stop.abort(new Error("lease over")) };
    await expect(cloud.create({ lateVmMs: 2500, hangAt: "starting" }, {}, options)).rejects.toThrow("lease over");
    const { result, progress } = await cloud.create({}, { unsettledMs: 4000, archive: said.checkpoints.at(-1)! });
    expect(result).toMatchObject({ transitioning: "no", machine: { providerId: expect.any(String) } });
    expect(progress.map(({ message }) => message).join()).toContain("Waiting 4 s");
    expect(await cloud.vms()).toBe(1);
    const { result: removed } = await cloud.remove({}, { archive: result.machine.archive! });
    expect(removed.transitioning).toBe("no");
    expect(await cloud.vms()).toBe(0);
  });
});

describe("delete believes the cloud", () => {
  test.each<[string, DriverConfig]>([
    ["more than a `rm` that lies", { remove: "lie" }],
    ["where a VM that is gone is an error", { remove: "gone-is-error" }],
  ])("%s", async (_, driverConfig) => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create(driverConfig);
    expect(await cloud.vms()).toBe(1);
    const removed = await cloud.remove(driverConfig, { archive: result.machine.archive! });
    expect(removed.result).toMatchObject({ transitioning: "no", machine: { archive: null } });
    expect(await cloud.vms()).toBe(0);
    // A second firing finds nothing, which is success.
    const again = await cloud.remove(driverConfig, { archive: result.machine.archive! });
    expect(again.result.transitioning).toBe("no");
  });

  test("and is not done while it refuses", async () => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create({ remove: "fail" });
    const removed = await cloud.remove({}, { archive: result.machine.archive! });
    expect(removed.result).toMatchObject({
      transitioning: "error",
      code: "driver.failed",
      machine: { archive: expect.any(String) },
    });
    expect(await cloud.vms()).toBe(1);
  });

  test("and what a refused attempt leaves is enough for the next one", async () => {
    const cloud = await simulatedCloud();
    const { result } = await cloud.create({ remove: "fail-once" });
    const refused = await cloud.remove({}, { archive: result.machine.archive! });
    expect(refused.result).toMatchObject({ transitioning: "error", code: "driver.failed" });
    const removed = await cloud.remove({}, { archive: refused.result.machine.archive! });
    expect(removed.result.transitioning).toBe("no");
    expect(await cloud.vms()).toBe(0);
  });

  test("after an unclean end it waits until nothing can come any more", async () => {
    const cloud = await simulatedCloud();
    await cloud.create();
    const removed = await cloud.remove({}, { unsettledMs: 300 });
    expect(removed.result.transitioning).toBe("no");
    expect(removed.progress.map(({ message }) => message).join()).toContain("Waiting 1 s");
    expect(await cloud.vms()).toBe(0);
  });
});
