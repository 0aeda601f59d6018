// A machine of which nobody says more than who pays for it and where: the drivers' own defaults name images that are gone.
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "../relay-client.ts";
import { nothing, onDigitalOcean, onEc2, type Place } from "./places.ts";
import { isAlive, prepareScene } from "./scene.ts";

tellIfNoProgram("recommended values");

/** Canonical's newest Ubuntu 24.04 of ec2/images.json, for amd64. */
const newestUbuntu = "ami-00000000000024041";

describe.skipIf(cloudMissing)("recommended values", () => {
  const scene = prepareScene();

  describe.concurrent.each(machinePrograms)("%s", (program) => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await scene.install(program);
    });

    async function make(
      place: Place,
      name: string,
      left: Record<string, string>,
    ): Promise<{ id: string; log: string }> {
      const { client } = installation;
      const provider = place.providerOf(scene.cloud);
      const { id } = await client.create({ name, driver: provider.driver, driverConfig: provider.driverConfig(left) });
      await client.until(id, isActiveWithAgent);
      const log = await client.ask("GET", `/v1/machines/${id}/log`, undefined, { headers: { accept: "text/plain" } });
      return { id, log: await log.text() };
    }

    async function remove(place: Place, id: string, name: string): Promise<void> {
      await installation.client.ask("DELETE", `/v1/machines/${id}`);
      await installation.client.until(id, isDeleted);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);
    }

    test("EC2 gets the newest Ubuntu, which was looked up there, and a type that every region has", async () => {
      const name = `plain-${basename(program)}`;
      const { id, log } = await make(onEc2, name, { ami: "", instanceType: "" });
      const { instances } = await scene.cloud.ec2.now();
      const instance = instances.find((each) => each.keyName.startsWith(name) && isAlive(each));
      expect(instance).toMatchObject({ imageId: newestUbuntu, instanceType: "t3.micro" });
      expect(log).toContain(`ami ${newestUbuntu} was added: `);
      await remove(onEc2, id, name);
    });

    test("DigitalOcean gets an image that it still has", async () => {
      const name = `plain-do-${basename(program)}`;
      const { id, log } = await make(onDigitalOcean, name, { image: "" });
      const { droplets } = await scene.cloud.digitalOcean.now();
      expect(droplets.find((each) => each.name.startsWith(name))).toMatchObject({ image: "ubuntu-24-04-x64" });
      expect(log).toContain("image ubuntu-24-04-x64 was added: ");
      await remove(onDigitalOcean, id, name);
    });
  });
});
