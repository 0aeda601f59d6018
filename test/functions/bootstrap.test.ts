import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { buildBootstrap } from "../../functions/bootstrap.ts";
import type { AgentLaunch } from "../../functions/contract.ts";
import { buildCreate } from "../../functions/create.ts";
import { hashLaunch, runArguments } from "../../functions/docker-machine/agent-container.ts";
import { type FakeTools, fakeDockerMachine, launch, machineOf, runWork } from "./work-scene.ts";

const config = `printf '%s\\n' --tlsverify "--tlscacert=\\"$STORE/certs/ca.pem\\"" -H=tcp://203.0.113.7:2376`;
const machineCommands = { create: "save_record 4711", config, version: "echo 28.5.2" };
const running = '[{"State":{"Running":true,"Status":"running"},"Config":{"Labels":{}}}]';
/** The container is there once it has been run; the image once it has been pulled. */
const dockerCommands = (directory: string, container = running) => ({
  inspect: `
if [ "$3" = image ]; then [ -e ${directory}.image ] || { echo "Error: No such image: $4" >&2; exit 1; }; echo '[{}]'
else [ -e ${directory}.container ] || { echo "Error: No such container: $4" >&2; exit 1; }; cat ${directory}.container; fi`,
  pull: `echo Pulling; touch ${directory}.image`,
  run: `echo '${container}' > ${directory}.container; echo 0123456789`,
  rm: `rm -f ${directory}.container; echo "$3"`,
  logs: "echo 'wget: bad address'",
});

/** A machine that was created, and a docker client that keeps its containers in files. */
async function createdMachine(
  change: (directory: string) => Record<string, string> = () => ({}),
  more: Record<string, string> = {},
) {
  const { directory } = await fakeDockerMachine({});
  const fake = await fakeDockerMachine(
    { ...machineCommands, ...more },
    { dockerCommands: { ...dockerCommands(`${directory}/state`), ...change(`${directory}/state`) } },
  );
  const { result } = await runWork(buildCreate(fake.tools), fake.tools, { machine: machineOf() });
  return { fake, archive: result.machine.archive! };
}

async function bootstrap({ fake, archive }: { fake: FakeTools; archive: string | null }, agent: AgentLaunch = launch) {
  const before = (await fake.calls()).length;
  const run = await runWork(buildBootstrap(fake.tools), fake.tools, { machine: machineOf({ archive }), agent });
  const calls = (await fake.calls()).slice(before).filter((call) => call.startsWith("docker "));
  return { ...run, commands: calls.map((call) => call.split(" ")[1]), calls };
}

describe("bootstrap", () => {
  test("pulls what is not there and starts the agent, with its values where no process list shows them", async () => {
    const machine = await createdMachine();
    const { result, commands, calls, progress } = await bootstrap(machine);
    expect(result).toEqual({ transitioning: "no", message: "The agent runs on web-1", machine: {} });
    expect(commands).toEqual(["inspect", "inspect", "pull", "run", "inspect", "inspect"]);
    expect(calls[3]).toContain(
      "run -d --name machine-relay-agent --restart unless-stopped --label machine-relay.launch=",
    );
    expect(calls[3]).toContain("-e URL -v /var/run/docker.sock:/var/run/docker.sock docker:28-cli sh -c");
    expect(calls.join("\n")).not.toContain("tok-en-42");
    expect(await machine.fake.environmentOf("run")).toContain("URL=http://relay/v1/scripts/tok-en-42");
    expect(progress.map(({ message }) => message)).toContain("Pulling docker:28-cli");
  });

  test("leads the docker client to the machine, with the certificates of the restored archive", async () => {
    const machine = await createdMachine();
    const asked: string[] = [];
    const tools: FakeTools["tools"] = {
      ...machine.fake.tools,
      async findDocker(driver) {
        const { found } = await machine.fake.tools.findDocker(driver);
        // A docker that shows what stands before its command.
        const command = [
          "/bin/sh",
          "-c",
          `echo "$@" >> ${machine.fake.directory}/flags; exec "$0" "$@"`,
          ...found!.command,
        ];
        asked.push(driver);
        return { found: { ...found!, command }, missing: null };
      },
    };
    await bootstrap({ ...machine, fake: { ...machine.fake, tools } });
    const flags = await readFile(`${machine.fake.directory}/flags`, "utf8");
    expect(flags.split("\n")[0]).toMatch(
      /^--tlsverify --tlscacert=\/.*\/storage\/certs\/ca\.pem -H=tcp:\/\/203\.0\.113\.7:2376 inspect /,
    );
    expect(asked).toEqual(["oceanic"]);
  });

  test("does not pull an image that is there", async () => {
    const { commands } = await bootstrap(
      await createdMachine((state) => ({
        run: `echo '${running}' > ${state}.container`,
        inspect: `[ "$3" = image ] && echo '[{}]' && exit 0; cat ${state}.container 2>/dev/null || { echo "No such container" >&2; exit 1; }`,
      })),
    );
    expect(commands).not.toContain("pull");
  });

  test("leaves an agent of the same launch alone", async () => {
    const labelled = JSON.stringify([
      { State: { Running: true }, Config: { Labels: { "machine-relay.launch": hashLaunch(launch) } } },
    ]);
    const machine = await createdMachine((state) => ({ run: `echo '${labelled}' > ${state}.container` }));
    await bootstrap(machine);
    const { commands, result } = await bootstrap(machine);
    expect(result.transitioning).toBe("no");
    expect(commands).toEqual(["inspect"]);
  });

  test("replaces an agent of another launch", async () => {
    const machine = await createdMachine();
    await bootstrap(machine);
    const { commands } = await bootstrap(machine, { ...launch, environment: { URL: "http://relay/v1/scripts/next" } });
    expect(commands).toEqual(["inspect", "inspect", "rm", "run", "inspect", "inspect"]);
  });
});

describe("bootstrap fails clearly", () => {
  test.each<[string, (state: string) => Record<string, string>, string, string]>([
    [
      "when the image cannot be pulled",
      () => ({ pull: "echo 'Error response from daemon: manifest unknown' >&2; exit 1" }),
      "agent.failed",
      "The agent's image docker:28-cli could not be pulled: Error response from daemon: manifest unknown",
    ],
    [
      "when the container cannot be started",
      () => ({ run: "echo 'docker: invalid volume' >&2; exit 125" }),
      "agent.failed",
      "The agent could not be started: docker: invalid volume",
    ],
    [
      "when the agent ends at once",
      (state) => ({ run: `echo '[{"State":{"Running":false,"Status":"exited"}}]' > ${state}.container` }),
      "agent.failed",
      "The agent's container does not stay up (it is exited); the last it said: wget: bad address",
    ],
    [
      "when the agent is started again and again",
      (state) => ({
        run: `echo '[{"State":{"Running":true,"Restarting":true,"Status":"restarting"}}]' > ${state}.container`,
      }),
      "agent.failed",
      "The agent's container does not stay up (it is restarting); the last it said: wget: bad address",
    ],
    [
      "when the engine does not answer",
      () => ({ inspect: "echo 'Cannot connect to the Docker daemon' >&2; exit 1" }),
      "agent.failed",
      "The engine does not answer: Cannot connect to the Docker daemon",
    ],
    [
      "when docker answers nonsense",
      () => ({ inspect: "echo '<html>'" }),
      "agent.failed",
      "`docker inspect` did not answer with JSON",
    ],
  ])("%s", async (_, change, code, message) => {
    const { result } = await bootstrap(await createdMachine(change));
    expect(result).toEqual({ transitioning: "error", code, message, machine: {} });
  });

  test("when docker-machine cannot reach the engine", async () => {
    const words =
      'Error running connection boilerplate: Error checking and/or regenerating the certs: There was an error validating certificates for host "203.0.113.7:2376": dial tcp: connection refused';
    const { result } = await bootstrap(await createdMachine(undefined, { config: `echo '${words}' >&2; exit 1` }));
    expect(result).toMatchObject({
      code: "driver.failed",
      message:
        'The machine\'s Docker engine cannot be reached: There was an error validating certificates for host "203.0.113.7:2376": dial tcp: connection refused',
    });
  });

  test("without an archive", async () => {
    const { fake } = await createdMachine();
    expect((await bootstrap({ fake, archive: null })).result).toMatchObject({ code: "archive.none" });
  });

  test("without a docker client", async () => {
    const { fake, archive } = await createdMachine();
    const tools = { ...fake.tools, findDocker: async () => ({ found: null, missing: "docker was not found." }) };
    expect((await bootstrap({ fake: { ...fake, tools }, archive })).result).toMatchObject({
      code: "docker.unavailable",
    });
  });

  test("for an event that does not say what to start", async () => {
    const { fake, archive } = await createdMachine();
    const run = runWork(buildBootstrap(fake.tools), fake.tools, { machine: machineOf({ archive }) });
    await expect(run).rejects.toMatchObject({ details: { status: 422, field: "data.agent" } });
  });

  test.each([
    [{ environment: { "A=B": "x" } }, "data.agent.environment"],
    [{ image: "--privileged" }, "data.agent.image"],
  ])("for what docker would take for something else: %o", async (change, field) => {
    const { fake, archive } = await createdMachine();
    await expect(bootstrap({ fake, archive }, { ...launch, ...change })).rejects.toMatchObject({ details: { field } });
  });
});

test("the order of the variables makes no other launch, a value does", () => {
  const one = { ...launch, environment: { A: "1", B: "2" } };
  expect(hashLaunch({ ...launch, environment: { B: "2", A: "1" } })).toBe(hashLaunch(one));
  expect(hashLaunch({ ...launch, environment: { A: "1", B: "3" } })).not.toBe(hashLaunch(one));
  expect(runArguments(one, "h").filter((word) => ["1", "2"].includes(word))).toEqual([]);
});
