// The main job in a cloud: asked for, saved before it exists, used by whoever has its archive, deleted without a rest.
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { agentContainerName } from "../../../functions/contract.ts";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import { downloadArchive } from "../downloaded-archive.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted, type RelayClient } from "../relay-client.ts";
import { nothing, onEc2, places } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("a machine's whole life in a cloud");

const listContainers = ["ps", "--format", "{{.Names}}"];

async function listArchive(client: RelayClient, id: string): Promise<string[]> {
  await using archive = await downloadArchive(client, id);
  return archive.files();
}

describe.skipIf(cloudMissing)("in a cloud", () => {
  const scene = prepareScene();

  describe.each(machinePrograms)("%s", (program) => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await scene.install(program);
    });

    test.concurrent.each(places)("makes and deletes a machine on $title, known before it exists", async (place) => {
      const { client } = installation;
      const provider = place.providerOf(scene.cloud);
      const name = `life-${place.short}-${basename(program)}`;
      using held = provider.fail({ fault: "held", about: name });
      const asked = await client.create({ name, driver: provider.driver, driverConfig: provider.driverConfig() });
      await client.meanwhile(asked.id, held.met);
      const { id, machineName } = await client.until(asked.id, ({ hasArchive }) => hasArchive);
      // The first checkpoint may have been a moment before the record.
      await expect.poll(() => listArchive(client, id)).toContain(`machines/${machineName}/config.json`);
      expect((await place.find(scene.cloud, machineName)).machines).toEqual([]);
      held.stop();

      const machine = await client.until(id, isActiveWithAgent);
      const found = await place.find(scene.cloud, machineName);
      expect(found).toEqual({ machines: [machine.providerId], keys: [expect.stringMatching(`^${machineName}(-|$)`)] });
      const host = await provider.hostOf(machine.providerId!);
      expect(await host.containers()).toEqual([agentContainerName]);
      {
        await using archive = await downloadArchive(client, id);
        expect(await archive.docker(machine, listContainers)).toBe(agentContainerName);
      }

      await client.ask("DELETE", `/v1/machines/${id}`);
      await client.until(id, isDeleted);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);
      await expect(provider.hostOf(machine.providerId!)).rejects.toThrow("has no host");
      await expect(client.ask("GET", `/v1/machines/${id}/archive`)).rejects.toThrow("archive.none");
    });

    test.concurrent("makes two machines at once on EC2, and deletes both", async () => {
      const { client } = installation;
      const { ec2 } = scene.cloud;
      const name = `pair-${basename(program)}`;
      const machines = await Promise.all(
        ["one", "two"].map(async (each) => {
          const wanted = { name: `${name}-${each}`, driver: ec2.driver, driverConfig: ec2.driverConfig() };
          return client.until((await client.create(wanted)).id, isActiveWithAgent);
        }),
      );
      const found = await onEc2.find(scene.cloud, name);
      expect(found.machines.toSorted()).toEqual(machines.map(({ providerId }) => providerId).toSorted());
      expect(found.keys).toHaveLength(2);

      await Promise.all(
        machines.map(async ({ id }) => {
          await client.ask("DELETE", `/v1/machines/${id}`);
          await client.until(id, isDeleted);
        }),
      );
      expect(await onEc2.find(scene.cloud, name)).toEqual(nothing);
    });
  });
});
