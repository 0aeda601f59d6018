// A driver of the user's own: a program named docker-machine-driver-… on PATH.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { agentContainerName } from "../../functions/contract.ts";
import { makeKeyPair, startHost } from "./host.ts";
import { startInstallation } from "./installation.ts";
import { machinePrograms, tellIfNoProgram } from "./machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "./relay-client.ts";

tellIfNoProgram("drivers of the user's own");

describe.skipIf(inject("engineMissing")).each(machinePrograms)("%s", (program) => {
  test("makes a machine with a driver that is found on PATH, and deletes it", async () => {
    const host = await startHost(await makeKeyPair());
    onTestFinished(() => host.remove());
    const directory = await makePlugin("attic", program);
    onTestFinished(() => rm(directory, { recursive: true }));
    const { client, remove } = await startInstallation(program, { PATH: `${directory}:${process.env.PATH}` });
    onTestFinished(remove);
    const { drivers } = await client.json<{ drivers: { name: string }[] }>("GET", "/v1/drivers");
    expect(drivers).toContainEqual(expect.objectContaining({ name: "attic", unavailable: null, isSimulated: false }));

    // It has the options of the driver that it is in truth.
    const driverConfig = {
      ...{ genericIpAddress: host.ipAddress, genericSshUser: "root" },
      genericSshKey: { content: host.privateKey },
    };
    const { id } = await client.create({ name: "own", driver: "attic", driverConfig });
    const machine = await client.until(id, isActiveWithAgent);
    expect(machine.ipAddress).toBe(host.ipAddress);
    expect(await host.containers()).toEqual([agentContainerName]);
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
  });
});

/**
 * docker-machine's own `generic` under another name: its core drivers are plugins too, which it starts as itself with
 * these variables. So protocol and behaviour are real. Gives the directory.
 */
async function makePlugin(name: string, program: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  const path = join(directory, `docker-machine-driver-${name}`);
  await writeFile(path, `#!/bin/sh\nMACHINE_PLUGIN_TOKEN=42 MACHINE_PLUGIN_DRIVER_NAME=generic exec ${program} "$@"\n`);
  await chmod(path, 0o755);
  return directory;
}
