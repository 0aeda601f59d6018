// Twenty creates at once, all of them cancelled in the middle: nothing is left of any.
import { describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { findProcesses } from "../processes.ts";
import { isDeleted } from "../relay-client.ts";
import { nothing, onEc2 } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("twenty machines at once");

const count = 20;

describe.skipIf(cloudMissing || machinePrograms.length === 0)("many machines", () => {
  const scene = prepareScene();

  test("deleted while docker-machine waits for SSH, each of them is terminated", async () => {
    const { ec2 } = scene.cloud;
    ec2.fail({ fault: "host-never-answers" });
    const { client, workDirectory } = await scene.install(machinePrograms[0]!);
    const names = Array.from({ length: count }, (_, index) => `many-${index + 1}`);
    const ids = await Promise.all(
      names.map(async (name) => {
        const { id } = await client.create({ name, driver: ec2.driver, driverConfig: ec2.driverConfig() });
        await client.until(id, ({ stage }) => stage === "ssh");
        return id;
      }),
    );
    expect((await onEc2.find(scene.cloud, "many-")).machines).toHaveLength(count);
    expect((await onEc2.find(scene.cloud, "many-")).keys).toHaveLength(count);

    await Promise.all(ids.map((id) => client.ask("DELETE", `/v1/machines/${id}`)));
    await Promise.all(ids.map((id) => client.until(id, isDeleted)));
    expect(await onEc2.find(scene.cloud, "many-")).toEqual(nothing);
    expect(findProcesses(workDirectory, machinePrograms[0])).toEqual([]);
  });
});
