// Credentials that are wrong from the beginning, and credentials that are taken away later.
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted, isFailed } from "../relay-client.ts";
import { nothing, onDigitalOcean, onEc2 } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("wrong credentials");

const table = [
  { ...onEc2, option: "accessKey", words: "AWS was not able to validate the provided access credentials" },
  { ...onDigitalOcean, option: "accessToken", words: "Unable to authenticate you" },
];

describe.skipIf(cloudMissing || machinePrograms.length === 0)("credentials", () => {
  const scene = prepareScene();
  let installation: Installation;
  beforeAll(async () => {
    installation = await scene.install(machinePrograms[0]!);
  });

  test.concurrent.each(table)("can be set right on $title after a create, and during a delete", async (place) => {
    const { client } = installation;
    const provider = place.providerOf(scene.cloud);
    const name = `rotated-${place.short}`;
    const [first, second] = [`FIRST-${place.short}`, `SECOND-${place.short}`];
    const driverConfig = provider.driverConfig({ [place.option]: first });
    const { id } = await client.create({ name, driver: provider.driver, driverConfig });
    const failed = await client.until(id, isFailed);
    expect(failed.error?.message).toContain(place.words);
    expect(failed.hasArchive).toBe(false);
    expect(await place.find(scene.cloud, name)).toEqual(nothing);

    provider.credentials.add(second);
    await client.ask("PATCH", `/v1/machines/${id}`, { driverConfig: { [place.option]: second } });
    await client.ask("POST", `/v1/machines/${id}/retry`);
    const { providerId } = await client.until(id, isActiveWithAgent);
    expect((await place.find(scene.cloud, name)).machines).toEqual([providerId]);

    provider.credentials.delete(second);
    provider.credentials.add(first);
    await client.ask("DELETE", `/v1/machines/${id}`);
    const waiting = await client.until(id, ({ process }) => process?.name === "delete" && process.error !== null);
    expect(waiting).toMatchObject({
      state: "deleting",
      process: { error: { message: expect.stringContaining(place.words) } },
    });
    expect((await place.find(scene.cloud, name)).machines).toEqual([providerId]);
    await client.ask("PATCH", `/v1/machines/${id}`, { driverConfig: { [place.option]: first } });
    await client.until(id, isDeleted);
    expect(await place.find(scene.cloud, name)).toEqual(nothing);
  });
});
