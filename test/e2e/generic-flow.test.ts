// A host that was there before its machine is still there after it, and the relay says so.
import { expect, inject, onTestFinished, test } from "vitest";
import { agentContainerName } from "../../functions/contract.ts";
import { makeKeyPair, startHost } from "./host.ts";
import { startInstallation } from "./installation.ts";
import { machinePrograms, tellIfNoProgram } from "./machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "./relay-client.ts";

tellIfNoProgram("hosts that exist already");

test.skipIf(inject("engineMissing") || machinePrograms.length === 0)(
  "delete takes the agent and the record of a generic machine, and leaves its host as it is",
  async () => {
    const host = await startHost(await makeKeyPair());
    onTestFinished(() => host.remove());
    const { client, remove } = await startInstallation(machinePrograms[0]!);
    onTestFinished(remove);
    const sshKey = { content: host.privateKey };
    const driverConfig = { ipAddress: host.ipAddress, sshUser: "root", sshKey };
    const { id } = await client.create({ name: "mine", driver: "generic", driverConfig });
    await client.until(id, isActiveWithAgent);
    await host.run("docker", "create", "--name", "somebodys", "docker:28-cli");
    expect((await host.containers()).toSorted()).toEqual([agentContainerName, "somebodys"]);

    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    expect(await host.containers()).toEqual(["somebodys"]);
    expect((await client.history(id)).map(({ message }) => message).join("\n")).toContain("its host stays");
    await expect(client.ask("GET", `/v1/machines/${id}/archive`)).rejects.toThrow("archive.none");
  },
);
