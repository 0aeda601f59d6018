// A machine whose address never answers: its create is given up in time, says why, and leaves nothing that costs money.
import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { isFailed } from "../relay-client.ts";
import { nothing, places } from "./places.ts";
import { prepareScene } from "./scene.ts";

tellIfNoProgram("machines whose address never answers");

const deadlineMs = 60_000;

describe.skipIf(cloudMissing)("an address that never answers", () => {
  const scene = prepareScene();

  describe.concurrent.each(machinePrograms)("%s", (program) => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await scene.install(program, { DEADLINE_MS: String(deadlineMs) });
    });

    test.each(places)("ends its create in an error, and its machine on $title", async (place) => {
      const { client } = installation;
      const provider = place.providerOf(scene.cloud);
      const name = `mute-${place.short}-${basename(program)}`;
      using _mute = provider.fail({ fault: "host-never-answers", about: name });
      const { id } = await client.create({ name, driver: provider.driver, driverConfig: provider.driverConfig() });
      await client.until(id, ({ stage }) => stage === "ssh");
      expect(await place.find(scene.cloud, name)).toMatchObject({ machines: [expect.any(String)] });

      const { error, hasArchive } = await client.until(id, isFailed);
      expect(error?.code).toBe("driver.timeout");
      expect(error?.message).toMatch(/It took too long and was stopped: .*Waiting for SSH to be available/s);
      expect(error?.message).toContain("what was made has been removed");
      expect(hasArchive).toBe(false);
      expect(await place.find(scene.cloud, name)).toEqual(nothing);
    });
  });
});
