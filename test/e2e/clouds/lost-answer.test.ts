// The provider has made the machine, and nobody hears of it: the connection is cut in place of the answer.
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { DriverOptions } from "../cloud/provider.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isActiveWithAgent, isDeleted, isFailed } from "../relay-client.ts";
import { nothing, onEc2, type Place, places } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("lost answers of a cloud");

/** The SDK asks again by itself; once is enough to be seen. */
const optionsFor = ({ short }: Place): DriverOptions => (short === "ec2" ? { retries: 1 } : {});

describe.skipIf(cloudMissing)("an answer that is lost", () => {
  const scene = prepareScene();

  describe.concurrent.each(machinePrograms)("%s", (program) => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await scene.install(program);
    });

    const ask = async (place: Place, name: string) => {
      const provider = place.providerOf(scene.cloud);
      const driverConfig = provider.driverConfig(optionsFor(place));
      return (await installation.client.create({ name, driver: provider.driver, driverConfig })).id;
    };

    async function remove(id: string): Promise<void> {
      await installation.client.ask("DELETE", `/v1/machines/${id}`);
      await installation.client.until(id, isDeleted);
    }

    test.each(places)("leaves nothing on $title when it fails the create, and a retry makes one", async (place) => {
      const { client } = installation;
      const provider = place.providerOf(scene.cloud);
      const name = `lost-${place.short}-${basename(program)}`;
      using lost = provider.fail({ fault: "answer-lost", about: name });
      const id = await ask(place, name);
      const failed = await client.until(id, isFailed);
      expect(failed.error?.message).toMatch(/EOF/);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);

      lost.stop();
      await client.ask("POST", `/v1/machines/${id}/retry`);
      const { providerId } = await client.until(id, isActiveWithAgent);
      expect(await place.find(scene.cloud, name)).toEqual({ machines: [providerId], keys: [expect.any(String)] });
      await remove(id);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);
    });

    test.each(places)("leaves no key on $title when the connection was cut before anything was made", async (place) => {
      const { client } = installation;
      const name = `cut-${place.short}-${basename(program)}`;
      using _cut = place.providerOf(scene.cloud).fail({ fault: "cut", about: name });
      const id = await ask(place, name);
      expect((await client.until(id, isFailed)).error?.message).toMatch(/EOF/);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);
    });

    // docker-machine's SDK asks again and sends no token with it: its create goes well, beside an instance that it does
    // not know.
    test("leaves one instance on EC2 when the SDK asked again by itself", async () => {
      const { client } = installation;
      const name = `again-${basename(program)}`;
      using _lost = scene.cloud.ec2.fail({ fault: "answer-lost", about: name, times: 1 });
      const id = await ask(onEc2, name);
      const { providerId } = await client.until(id, isActiveWithAgent);
      expect(await onEc2.find(scene.cloud, name)).toEqual({ machines: [providerId], keys: [expect.any(String)] });
      await remove(id);
      expect(await onEc2.find(scene.cloud, name)).toEqual(nothing);
    });
  });
});
