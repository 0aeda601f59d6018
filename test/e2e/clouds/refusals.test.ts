// DigitalOcean refuses: on create nothing is left and its words are told, on delete it is asked until it does its work.
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { DigitalOceanFault } from "../cloud/digital-ocean/errors.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isDeleted, isFailed } from "../relay-client.ts";
import { nothing, onDigitalOcean } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("refusals of DigitalOcean");

const refusals: { status: number; fault: DigitalOceanFault; words: string }[] = [
  { status: 401, fault: "wrong-credentials", words: "Unable to authenticate you" },
  { status: 422, fault: "droplet-quota", words: "creating this/these droplet(s) will exceed your droplet limit" },
  { status: 429, fault: "rate-limit", words: "API Rate limit exceeded" },
  { status: 500, fault: "server-error", words: "Unexpected server-side error" },
];

describe.skipIf(cloudMissing || machinePrograms.length === 0)("DigitalOcean", () => {
  const scene = prepareScene();
  let installation: Installation;
  beforeAll(async () => {
    installation = await scene.install(machinePrograms[0]!);
  });

  const create = async (name: string) => {
    const { driver, driverConfig } = onDigitalOcean.providerOf(scene.cloud);
    return (await installation.client.create({ name, driver, driverConfig: driverConfig() })).id;
  };

  test.concurrent.each(refusals)(
    "$status on create: its words, and no key is left",
    async ({ status, fault, words }) => {
      const { client } = installation;
      const name = `create-${status}`;
      using _refusing = scene.cloud.digitalOcean.fail({ fault, call: "POST /v2/droplets", about: name });
      const id = await create(name);
      const { error, hasArchive } = await client.until(id, isFailed);
      expect(error?.message).toContain(words);
      expect(hasArchive).toBe(false);
      expect(await onDigitalOcean.find(scene.cloud, name)).toEqual(nothing);
    },
  );

  test.concurrent.each(refusals)(
    "$status on delete: its words, until it works again",
    async ({ status, fault, words }) => {
      const { client } = installation;
      const { digitalOcean } = scene.cloud;
      const name = `delete-${status}`;
      using _mute = digitalOcean.fail({ fault: "host-never-answers", about: name });
      const id = await create(name);
      await client.until(id, ({ stage }) => stage === "ssh");
      const { machines } = await onDigitalOcean.find(scene.cloud, name);
      using refusing = digitalOcean.fail({ fault, call: "DELETE /v2/droplets/:id", about: machines[0]! });

      await client.ask("DELETE", `/v1/machines/${id}`);
      const waiting = await client.until(id, ({ process }) => process?.name === "delete" && process.attempt > 1);
      expect(waiting.process?.error?.message).toContain(words);
      expect(waiting.state).toBe("deleting");
      expect((await onDigitalOcean.find(scene.cloud, name)).machines).toEqual(machines);
      refusing.stop();
      await client.until(id, isDeleted);
      expect(await onDigitalOcean.find(scene.cloud, name)).toEqual(nothing);
    },
  );
});
