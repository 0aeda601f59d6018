// The real programs make a machine on each cloud, a docker reaches it over TLS, and nothing is left when it is removed.
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker } from "../engine.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { cloudMissing } from "./cloud-missing.ts";
import { MachineProgram } from "./machine-program.ts";
import { cloudLabel } from "./network.ts";

tellIfNoProgram("machines on a cloud of our own");

const askVersion = ["version", "--format", "{{.Server.Version}}"];

describe.skipIf(cloudMissing)("a cloud on one machine", () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(async () => {
    await cloud?.close();
    expect(await docker(["ps", "--all", "--quiet", "--filter", `label=${cloudLabel}`])).toBe("");
  });

  describe.each(machinePrograms)("%s", (path) => {
    test("makes an instance of EC2 with a real host, and terminates it", async () => {
      const { ec2 } = cloud;
      await using program = await MachineProgram.prepare(path, cloud.environment);
      const name = `e-${basename(path)}`;
      const before = (await ec2.now()).keyPairs.length;
      const created = await program.create(name, ec2.driver, ec2.driverConfig({ tags: "purpose,trial" }));
      expect(created, created.stderr).toMatchObject({ exitCode: 0 });

      const { instances, keyPairs } = await ec2.now();
      const instance = instances.find(({ tags }) => tags.Name === name)!;
      expect(instance).toMatchObject({ state: "running", tags: { purpose: "trial" }, isSpot: false });
      expect(keyPairs.find((each) => each.name === instance.keyName)?.name).toMatch(new RegExp(`^${name}(-|$)`));
      const host = await ec2.hostOf(instance.id);
      expect(await program.docker(name, askVersion)).toBe(await host.run("docker", ...askVersion));

      expect((await program.run(["rm", "-y", name])).stdout).toContain(`Successfully removed ${name}`);
      const after = await ec2.now();
      expect(after.instances.find(({ id }) => id === instance.id)).toMatchObject({ state: "terminated" });
      expect(after.keyPairs).toHaveLength(before);
      await expect(ec2.hostOf(instance.id)).rejects.toThrow("has no host");
    });

    test("makes a droplet of DigitalOcean with a real host, and deletes it and its key", async () => {
      const { digitalOcean } = cloud;
      await using program = await MachineProgram.prepare(path, cloud.environment);
      const name = `d-${basename(path)}`;
      const created = await program.create(
        name,
        digitalOcean.driver,
        digitalOcean.driverConfig({ tags: "purpose:trial" }),
      );
      expect(created, created.stderr).toMatchObject({ exitCode: 0 });

      const { droplets, keys } = await digitalOcean.now();
      expect(droplets).toMatchObject([{ name, status: "active", tags: ["purpose:trial"] }]);
      expect(keys).toMatchObject([{ name, id: droplets[0]!.keyIds[0] }]);
      const host = await digitalOcean.hostOf(String(droplets[0]!.id));
      expect(await program.docker(name, askVersion)).toBe(await host.run("docker", ...askVersion));

      expect((await program.run(["rm", "-y", name])).stdout).toContain(`Successfully removed ${name}`);
      expect(await digitalOcean.now()).toMatchObject({ droplets: [], keys: [] });
      await expect(digitalOcean.hostOf(String(droplets[0]!.id))).rejects.toThrow("has no host");
    });
  });
});
