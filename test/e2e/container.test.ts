// The driver `container` on a real engine: real Docker hosts without a cloud, whose agents report in, and which go away
// with all that they had.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { agentContainerName } from "../../functions/contract.ts";
import { docker, dockerEnvironment } from "./engine.ts";
import { agentImage, dockerdImage } from "./images.ts";
import { type Installation, startInstallation } from "./installation.ts";
import { findProcesses, untilGone } from "./processes.ts";
import { isActiveWithAgent, isDeleted, type Machine, type RelayClient } from "./relay-client.ts";

/** A limit, not a measure. */
const endedMsMax = 5_000;
/** Three beats, and what may be in flight is over soon: the engine is on this machine. */
const hurried = { LEASE_MS: "15000", SETTLE_MS: "2000" };
/** Of a create, in their order. */
const stages = ["machine", "address", "boot", "provisioning", "engine", "created"];
const program = new URL("../../functions/bundled/container/docker-machine.ts", import.meta.url).pathname;

interface WholeMachine extends Machine {
  machineName: string;
  url: string;
  simulated: boolean;
}

describe.skipIf(inject("engineMissing"))("the driver container", () => {
  let installation: Installation;
  let client: RelayClient;

  beforeEach(async () => {
    installation = await startInstallation("docker-machine", { ...dockerEnvironment, ...hurried });
    ({ client } = installation);
    onTestFinished(async ({ task }) => {
      if (task.result?.state === "fail") {
        const { relay, functions } = installation;
        console.error(`relay:\n${relay.lastWords()}\nfunctions:\n${functions.lastWords()}`);
      }
      await installation.remove();
      await removeLeftovers();
    });
  });

  const create = (name: string, driverConfig: Record<string, string> = {}) =>
    client.create({ name, driver: "container", driverConfig });
  const untilActive = async (id: string) => (await client.until(id, isActiveWithAgent)) as WholeMachine;
  async function remove(id: string): Promise<void> {
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
  }

  test("is offered, as one that makes real machines", async () => {
    const driver = await client.json<{ unavailable: string | null; isSimulated: boolean }>(
      "GET",
      "/v1/drivers/container",
    );
    expect(driver).toMatchObject({ unavailable: null, isSimulated: false });
  });

  test("makes a Docker host on which an agent reports in and whatever is loaded runs, and leaves nothing", async () => {
    const { id } = await create("real");
    const machine = await untilActive(id);
    expect(machine.simulated).toBe(false);
    expect(machine.agent.engineVersion).toBe(
      await docker(["exec", machine.machineName, "docker", "version", "--format", "{{.Server.Version}}"]),
    );

    const onMachine = await openWithArchive(client, machine);
    expect(await onMachine(["ps", "--format", "{{.Names}} {{.Image}}"])).toBe(`${agentContainerName} ${agentImage}`);
    await onMachine(["load"], await saveImage("machine-relay-e2e/debian-node"));
    expect(await onMachine(["run", "--rm", "machine-relay-e2e/debian-node", "uname"])).toBe("Linux");
    // Nobody else gets in.
    await expect(openEngine(machine.url, ["--tls", "version"])).rejects.toThrow(/certificate|tls/i);

    await remove(id);
    expect(await listLeft()).toEqual([]);
    await expect(client.ask("GET", `/v1/machines/${id}/archive`)).rejects.toThrow("archive.none");
  });

  test("makes one of any image with dockerd, at a published port, as large as was asked for", async () => {
    const { id } = await create("any", { image: dockerdImage, publish: "127.0.0.1", memory: "1g", cpus: "1" });
    const machine = await untilActive(id);
    expect(machine.url).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    const onMachine = await openWithArchive(client, machine);
    expect(await onMachine(["info", "--format", "{{.Name}}"])).toBe(machine.machineName);
    const limits = ["inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", machine.machineName];
    expect(await docker(limits)).toBe(`${1024 ** 3} ${1e9}`);
    await remove(id);
    expect(await listLeft()).toEqual([]);
  });

  test("makes two at once, and each has its own engine", async () => {
    const ids = (await Promise.all([create("one"), create("two")])).map(({ id }) => id);
    const machines = await Promise.all(ids.map(untilActive));
    expect(new Set(machines.map(({ url }) => url)).size).toBe(2);
    for (const machine of machines) {
      const onMachine = await openWithArchive(client, machine);
      expect(await onMachine(["info", "--format", "{{.Name}}"])).toBe(machine.machineName);
    }
    await remove(ids[0]!);
    expect(await listLeft()).toHaveLength(1);
    await remove(ids[1]!);
    expect(await listLeft()).toEqual([]);
  });

  test("a machine comes back with its engine, and its agent with it", async () => {
    const { id } = await create("again");
    const { machineName } = await untilActive(id);
    await docker(["restart", "--time", "5", machineName]);
    await client.until(id, ({ agent }) => agent.state === "connected");
    await expect
      .poll(() => docker(["exec", machineName, "docker", "ps", "--format", "{{.Names}}"]).catch(() => ""), {
        timeout: 30_000,
      })
      .toBe(agentContainerName);
    await remove(id);
    expect(await listLeft()).toEqual([]);
  });

  test.each(["machine", "address", "engine"])(
    "although the functions are killed at the stage %s, one machine comes of it, and nothing is forgotten",
    async (stage) => {
      const { id } = await create("killed");
      // A stage may be over before anybody heard of it: then it is killed in the next one.
      const since = stages.slice(stages.indexOf(stage));
      await client.until(id, (machine) => since.includes(machine.stage ?? "") || machine.state === "bootstrapping");
      const begun = findProcesses(program);
      await installation.functions.kill();
      await untilGone(begun, endedMsMax);
      await installation.functions.start();
      const { machineName } = await untilActive(id);
      expect(await listLeft()).toEqual([machineName]);
      await remove(id);
      expect(await listLeft()).toEqual([]);
    },
  );

  test("a machine that is deleted while it is made leaves nothing", async () => {
    const { id } = await create("changed-my-mind");
    await client.until(id, (machine) => machine.stage === "engine");
    await remove(id);
    expect(await listLeft()).toEqual([]);
  });

  test("an image without dockerd is no host, and that is what the error says", async () => {
    const { id } = await create("no-host", { image: agentImage });
    // That it is there does not mean that it has one.
    const failed = await client.until(id, ({ state }) => state === "error");
    expect(failed.error?.message).toContain(
      `The image ${agentImage} has no dockerd in it: it cannot be a Docker host.`,
    );
    expect(failed.error?.message).toContain("(what was made has been removed)");
    expect(await listLeft()).toEqual([]);
  });

  test("an image that nobody has is asked for before anything is made", async () => {
    const { id } = await create("no-image", { image: "registry.invalid/nothing:1" });
    const failed = await client.until(id, ({ state }) => state === "error");
    expect(failed.error?.message).toContain("The engine does not have the image registry.invalid/nothing:1");
    expect(await listLeft()).toEqual([]);
  });

  test("without an engine the driver is not available, and says why", async () => {
    await installation.functions.stop();
    await installation.functions.start({ DOCKER_HOST: "unix:///nowhere.sock" });
    await expect(create("no-engine")).rejects.toThrow("No Docker engine answers at unix:///nowhere.sock");
  });
});

/** Names of the containers and volumes that carry a machine's mark. */
async function listLeft(): Promise<string[]> {
  const marked = ["--filter", "label=machine-relay.machine", "--format"];
  const containers = await docker(["ps", "--all", ...marked, "{{.Names}}"]);
  // Those that no container has.
  const volumes = await docker(["volume", "ls", "--filter", "dangling=true", ...marked, "{{.Name}}"]);
  return `${containers}\n${volumes}`.split("\n").filter(Boolean);
}

async function removeLeftovers(): Promise<void> {
  for (const name of await listLeft()) await docker(["rm", "--force", "--volumes", name]);
}

async function saveImage(image: string): Promise<Uint8Array> {
  const options = { env: dockerEnvironment, encoding: "buffer", maxBuffer: 1024 ** 3 } as const;
  return (await execa("docker", ["save", image], options)).stdout;
}

/** The machine's engine for whoever has nothing but its archive. */
async function openWithArchive(client: RelayClient, { id, url }: WholeMachine) {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const archive = join(directory, "archive.tar.gz");
  const answer = await client.ask("GET", `/v1/machines/${id}/archive`);
  await writeFile(archive, Buffer.from(await answer.arrayBuffer()), { mode: 0o600 });
  await execa("tar", ["-xzf", archive, "-C", directory]);
  const certificate = (file: string) => join(directory, "certs", `${file}.pem`);
  const flags = [
    ...["--tlsverify", "--tlscacert", certificate("ca"), "--tlscert", certificate("cert")],
    ...["--tlskey", certificate("key")],
  ];
  return (words: readonly string[], input?: Uint8Array) => openEngine(url, [...flags, ...words], input);
}

async function openEngine(url: string, words: readonly string[], input?: Uint8Array): Promise<string> {
  const { stdout } = await execa("docker", ["--host", url, ...words], input ? { input } : {});
  return stdout;
}
