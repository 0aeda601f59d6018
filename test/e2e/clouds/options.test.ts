// Options of EC2's driver, given as a person gives them, and seen at the provider.
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { DriverOptions } from "../cloud/provider.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "../relay-client.ts";
import { nothing, onEc2 } from "./places.ts";
import { isAlive, prepareScene } from "./scene.ts";

tellIfNoProgram("options of EC2's driver");

describe.skipIf(cloudMissing)("options of amazonec2", () => {
  const scene = prepareScene();

  describe.concurrent.each(machinePrograms)("%s", (program) => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await scene.install(program);
    });

    /** As soon as it has an instance; no host is needed to see that. */
    async function launch(name: string, launchCall: string, options: DriverOptions) {
      const { client } = installation;
      const { ec2 } = scene.cloud;
      using _mute = ec2.fail({ fault: "host-never-answers", call: launchCall, about: name });
      const { id } = await client.create({ name, driver: ec2.driver, driverConfig: ec2.driverConfig(options) });
      await client.until(id, ({ stage }) => stage === "ssh");
      const { instances, spotRequests } = await ec2.now();
      const instance = instances.find((each) => each.keyName.startsWith(name) && isAlive(each))!;
      return { id, instance, spotRequest: spotRequests.find(({ instanceId }) => instanceId === instance.id) };
    }

    async function remove(id: string, name: string): Promise<void> {
      const { client } = installation;
      await client.ask("DELETE", `/v1/machines/${id}`);
      await client.until(id, isDeleted);
      expect(await onEc2.find(scene.cloud, name)).toEqual(nothing);
    }

    // moto does not tell the fork, which asks in another way, what request its spot instance belongs to.
    const isToldOfSpot = basename(program) !== "rancher-machine";
    test.runIf(isToldOfSpot)("a spot instance at a price, with tags", async () => {
      const name = `spot-${basename(program)}`;
      const options = { requestSpotInstance: true, spotPrice: "0.07", tags: "team,blue,cost,low" };
      const { id, instance, spotRequest } = await launch(name, "*", options);
      expect(instance).toMatchObject({ isSpot: true, tags: { team: "blue", cost: "low" } });
      expect(spotRequest).toMatchObject({ price: 0.07 });
      await remove(id, name);
    });

    test("type, tags and security groups", async () => {
      const name = `grouped-${basename(program)}`;
      const groups = [`one-${name}`, `two-${name}`];
      const { id, instance } = await launch(name, "RunInstances", {
        instanceType: "t3.small",
        tags: "team,blue",
        securityGroup: groups,
      });
      expect(instance).toMatchObject({ isSpot: false, instanceType: "t3.small", tags: { team: "blue" } });
      expect(instance.securityGroups.toSorted()).toEqual(groups);
      await remove(id, name);
    });

    test("the private address of an instance that has a public one", async () => {
      const { client } = installation;
      const { ec2 } = scene.cloud;
      const name = `private-${basename(program)}`;
      const driverConfig = ec2.driverConfig({ privateAddressOnly: false, usePrivateAddress: true });
      const { id } = await client.create({ name, driver: ec2.driver, driverConfig });
      const { ipAddress, providerId } = await client.until(id, isActiveWithAgent);
      const instance = (await ec2.now()).instances.find((each) => each.id === providerId);
      expect(instance).toMatchObject({ ipAddress, publicIpAddress: expect.stringMatching(/^\d+\./) });
      await remove(id, name);
    });
  });
});
