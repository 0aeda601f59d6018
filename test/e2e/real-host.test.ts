// The main job on real input: the real docker-machine makes a real Docker host, a real agent reports in, and all of it
// goes away again. By HTTP only, through a relay and functions that are processes of their own.
import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { agentContainerName } from "../../functions/contract.ts";
import { downloadArchive } from "./downloaded-archive.ts";
import { makeKeyPair, type RealHost, startHost } from "./host.ts";
import { type Installation, startInstallation } from "./installation.ts";
import { machinePrograms, tellIfNoProgram } from "./machine-programs.ts";
import { findProcesses, isAlive, untilGone } from "./processes.ts";
import { isActiveWithAgent, isDeleted, isFailed, type Machine, type RelayClient } from "./relay-client.ts";

const engineMissing = inject("engineMissing");
tellIfNoProgram("creating real hosts");

/** A limit, not a measure. A docker-machine that nobody ends would go on trying for three minutes. */
const endedMsMax = 5_000;
/** Three beats: what a killed function leaves behind need not be waited for for a whole minute. */
const leaseMs = 15_000;

describe.skipIf(engineMissing).each(machinePrograms)("%s", (program) => {
  const name = basename(program);
  let locked: Attempt;

  // A wrong key is tried for three minutes. Begun first, so that they pass while the others run.
  beforeAll(async () => {
    const { privateKey } = await makeKeyPair();
    locked = await attempt(program, { privateKey });
  });
  afterAll(() => locked?.remove());

  test("makes a real host on which an agent reports in, and leaves nothing when it is deleted", async () => {
    const { client, host, installation, id } = await attemptForThisTest(program);
    const seen: Machine[] = [];
    const machine = await client.until(id, isActiveWithAgent, seen);

    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(expect.arrayContaining(["ssh", "provisioning"]));
    expect(seen.map(({ transitioningMessage }) => transitioningMessage)).toContain("Provisioning with debian...");
    expect(machine.ipAddress).toBe(host.ipAddress);
    expect(machine.agent.engineVersion).toBe(await host.run("docker", "version", "--format", "{{.Server.Version}}"));
    expect(await host.containers()).toEqual([agentContainerName]);
    await using archive = await downloadArchive(client, id);
    expect(await archive.docker(machine, ["ps", "--format", "{{.Names}}"])).toBe(agentContainerName);
    await client.until(id, ({ agent }) => agent.containers.some((each) => each.name === agentContainerName));
    await expect.poll(() => listLeftBehind(installation)).toEqual([]);

    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    expect(await host.containers()).toEqual([]);
    await expect(client.ask("GET", `/v1/machines/${id}/archive`)).rejects.toThrow("archive.none");
    await expect.poll(() => listLeftBehind(installation)).toEqual([]);
    expect(findProcesses(installation.workDirectory, program)).toEqual([]);
    await installation.relay.stop();
    await installation.functions.stop();
    expect(await readdir(installation.workDirectory)).toEqual([]);
  });

  test("makes one machine although the relay is killed in the middle and started again", async () => {
    const { client, host, installation, id } = await attemptForThisTest(program, { isSshStopped: true });
    await client.until(id, isWaitingForHost);
    const begun = findProcesses(installation.workDirectory, program);
    expect(begun).not.toEqual([]);

    await installation.relay.kill();
    await installation.relay.start();
    expect(begun.filter(isAlive)).toEqual(begun);
    await host.run("systemctl", "start", "ssh");
    await client.until(id, isActiveWithAgent);
    expect(await client.list()).toMatchObject([{ id, state: "active" }]);
    expect(await host.containers()).toEqual([agentContainerName]);
    // The work went on in the functions all the while: it was joined, not repeated.
    expect(await countRunsOfCreate(client, id)).toBe(1);
  });

  test("makes one machine although the functions are killed in the middle and started again", async () => {
    const { client, host, installation, id } = await attemptForThisTest(program, {
      isSshStopped: true,
      environment: { LEASE_MS: String(leaseMs) },
    });
    await client.until(id, isWaitingForHost);
    const begun = findProcesses(installation.workDirectory, program);
    expect(begun).not.toEqual([]);

    await installation.functions.kill();
    await untilGone(begun, endedMsMax);
    await installation.functions.start();
    await host.run("systemctl", "start", "ssh");
    await client.until(id, isActiveWithAgent);
    expect(await client.list()).toMatchObject([{ id, state: "active" }]);
    expect(await host.containers()).toEqual([agentContainerName]);
    expect(await countRunsOfCreate(client, id)).toBe(2);
    await expect.poll(() => listLeftBehind(installation)).toEqual([]);
    expect(findProcesses(installation.workDirectory, program)).toEqual([]);
  });

  test(`says why in ${name}'s own words when the SSH key is wrong, and PATCH and retry mend it`, async () => {
    const { client, host, id } = locked;
    const failed = await client.until(id, isFailed);
    expect(failed.error?.message).toContain("Too many retries waiting for SSH to be available");
    expect(failed.transitioningMessage).toBe(failed.error?.message);

    await client.ask("PATCH", `/v1/machines/${id}`, { driverConfig: { sshKey: { content: host.privateKey } } });
    await client.ask("POST", `/v1/machines/${id}/retry`);
    await client.until(id, isActiveWithAgent);
    expect(await host.containers()).toEqual([agentContainerName]);
  });
});

const isWaitingForHost = ({ stage }: Machine) => stage === "boot";

/** A fresh host, a fresh installation, and a machine that was just asked for. */
interface Attempt {
  host: RealHost;
  installation: Installation;
  client: RelayClient;
  /** Of the machine. */
  id: string;
  remove(): Promise<void>;
}

interface AttemptOptions {
  /** In place of the key that opens the host. */
  privateKey?: string;
  /** docker-machine then waits for it, silently, in the middle of its work. */
  isSshStopped?: boolean;
  environment?: Record<string, string>;
}

async function attemptForThisTest(program: string, options: AttemptOptions = {}): Promise<Attempt> {
  const made = await attempt(program, options);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") {
      const { relay, functions } = made.installation;
      console.error(`relay:\n${relay.lastWords()}\nfunctions:\n${functions.lastWords()}`);
    }
    await made.remove();
  });
  return made;
}

async function attempt(program: string, options: AttemptOptions): Promise<Attempt> {
  await using undo = new AsyncDisposableStack();
  const host = await startHost(await makeKeyPair());
  undo.defer(host.remove);
  if (options.isSshStopped) await host.run("systemctl", "stop", "ssh");
  const installation = await startInstallation(program, options.environment);
  undo.defer(installation.remove);
  const { client } = installation;
  const driverConfig = {
    ipAddress: host.ipAddress,
    sshUser: "root",
    sshKey: { content: options.privateKey ?? host.privateKey },
  };
  const { id } = await client.create({ name: "real", driver: "generic", driverConfig });
  const everything = undo.move();
  return { host, installation, client, id, remove: () => everything.disposeAsync() };
}

/** Below the directory that each functions process has for itself: one for each run, with certificates and keys. */
async function listLeftBehind({ workDirectory }: Installation): Promise<string[]> {
  return (await readdir(workDirectory, { recursive: true })).filter((path) => path.includes("/"));
}

async function countRunsOfCreate(client: RelayClient, id: string): Promise<number> {
  const history = await client.history(id);
  return history.filter(({ kind, message }) => kind === "run" && /^run \d+ at .*\/create/.test(message)).length;
}
