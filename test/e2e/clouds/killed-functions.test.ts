// The functions are killed after the provider was asked for a machine, and before it has answered.
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { cloudMissing } from "../cloud/cloud-missing.ts";
import type { Installation } from "../installation.ts";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { findProcesses, untilGone } from "../processes.ts";
import { isActiveWithAgent, isDeleted } from "../relay-client.ts";
import { nothing, onEc2 } from "./places.ts";
import { isAlive, prepareScene } from "./scene.ts";

tellIfNoProgram("functions that are killed while a cloud makes a machine");

/** A limit, not a measure: whatever their processes would go on doing. */
const endedMsMax = 5_000;

const kills: { how: string; kill: (functions: Installation["functions"], all: number[]) => Promise<void> }[] = [
  { how: "alone", kill: (functions) => functions.kill() },
  {
    how: "with all that they run",
    async kill(functions, all) {
      for (const id of all) process.kill(id, "SIGKILL");
      await functions.kill();
    },
  },
];

describe.skipIf(cloudMissing)("functions killed before an instance's birth", () => {
  const scene = prepareScene();

  describe.concurrent.each(machinePrograms)("%s", (program) => {
    test.each(kills)("$how: one machine in the end, and the one that nobody knew of is terminated", async (each) => {
      const { ec2 } = scene.cloud;
      const { client, functions, workDirectory } = await scene.install(program);
      const name = `killed-${each.how.split(" ")[0]}-${basename(program)}`;
      using held = ec2.fail({ fault: "held", about: name, times: 1 });
      const { id } = await client.create({ name, driver: ec2.driver, driverConfig: ec2.driverConfig() });
      await client.meanwhile(id, held.met);
      await client.until(id, ({ hasArchive }) => hasArchive);
      const begun = findProcesses(workDirectory);
      expect(begun.some(({ commandLine }) => commandLine.startsWith(program))).toBe(true);

      await each.kill(
        functions,
        begun.map((process) => process.id),
      );
      await untilGone(begun, endedMsMax);
      held.stop();
      const { instances } = await ec2.until((now) => now.instances.some(({ keyName }) => keyName.startsWith(name)));
      const unknown = instances.find(({ keyName }) => keyName.startsWith(name))!;
      await functions.start();

      const { providerId } = await client.until(id, isActiveWithAgent);
      expect(providerId).not.toBe(unknown.id);
      expect(await onEc2.find(scene.cloud, name)).toEqual({ machines: [providerId], keys: [expect.any(String)] });
      expect((await ec2.now()).instances.find((instance) => instance.id === unknown.id)).not.toSatisfy(isAlive);
      await client.ask("DELETE", `/v1/machines/${id}`);
      await client.until(id, isDeleted);
      expect(await onEc2.find(scene.cloud, name)).toEqual(nothing);
    });
  });
});
