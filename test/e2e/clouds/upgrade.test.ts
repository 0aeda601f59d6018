// docker-machine gives way to its fork while machines exist.
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import { machinePrograms } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "../relay-client.ts";
import { nothing, places } from "./places.ts";
import { prepareScene } from "./scene.ts";

const find = (name: string) => machinePrograms.find((path) => basename(path) === name);
const [older, newer] = [find("docker-machine"), find("rancher-machine")];
const isMissing = older === undefined || newer === undefined;
if (isMissing)
  console.error("\n!!! NOT RUN: docker-machine replaced by rancher-machine, because not both of them are on PATH.\n");

describe.skipIf(cloudMissing || isMissing)("rancher-machine in place of docker-machine", () => {
  const scene = prepareScene();

  test("deletes what docker-machine has made on each cloud", async () => {
    const { client, functions } = await scene.install(older!);
    const made = await Promise.all(
      places.map(async (place) => {
        const { driver, driverConfig } = place.providerOf(scene.cloud);
        const asked = await client.create({ name: `old-${place.short}`, driver, driverConfig: driverConfig() });
        const machine = await client.until(asked.id, isActiveWithAgent);
        expect((await place.find(scene.cloud, machine.name)).machines).toEqual([machine.providerId]);
        return { place, machine };
      }),
    );
    await functions.stop();
    await functions.start({ DOCKER_MACHINE: newer! });
    await Promise.all(
      made.map(async ({ place, machine }) => {
        await client.ask("DELETE", `/v1/machines/${machine.id}`);
        await client.until(machine.id, isDeleted);
        expect(await place.find(scene.cloud, machine.name)).toEqual(nothing);
      }),
    );
  });
});
