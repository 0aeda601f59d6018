// The simulated docker: containers that are files, docker's own words where they matter, and engines that are gone.
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isProcessAlive, simulatedDocker, until, usePlace } from "./place.ts";

const place = usePlace();
const name = "machine-relay-agent";
/** Nobody listens there: the agent tries again and again. */
const environment = { MACHINE_RELAY_SCRIPT_URL: "http://127.0.0.1:9/v1/scripts/very-secret-token" };
const runAgent = (...flags: string[]) =>
  place.docker(
    "web-1",
    [
      ...["run", "-d", "--name", name, "--restart=unless-stopped", "-l", "launch=7", "-e", "MACHINE_RELAY_SCRIPT_URL"],
      ...["-v", "/var/run/docker.sock:/var/run/docker.sock", ...flags, "docker:28-cli", "sh", "-c", "eval it"],
    ],
    { environment },
  );

test("run starts a container that inspect and ps show", async () => {
  await place.create("web-1");
  const { exitCode, stdout, stderr } = await runAgent();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
  expect(stderr).toContain("Unable to find image 'docker:28-cli' locally\n");
  const id = stdout.trim();
  const format = '{{.State.Running}} {{.State.Status}} {{index .Config.Labels "launch"}} {{json .Config.Cmd}}';
  const inspected = await place.docker("web-1", ["inspect", "--format", format, name]);
  expect(inspected.stdout).toBe('true running 7 ["sh","-c","eval it"]\n');
  const [whole] = JSON.parse((await place.docker("web-1", ["container", "inspect", name])).stdout);
  expect(whole).toMatchObject({ Id: id, Name: `/${name}`, Config: { Image: "docker:28-cli" } });
  expect((await place.docker("web-1", ["ps", "-aq", "--filter", `name=^/${name}$`])).stdout).toBe(
    `${id.slice(0, 12)}\n`,
  );
  const rows = await place.docker("web-1", ["ps", "--format", "{{.Names}}\\t{{.State}}", "--filter", "label=launch=7"]);
  expect(rows.stdout).toBe(`${name}\trunning\n`);
  expect((await place.docker("web-1", ["ps"])).stdout).toMatch(/^CONTAINER ID {3}IMAGE {11}COMMAND/);
});

test("no value of the environment is kept, and nobody else may read what is", async () => {
  await place.create("web-1");
  await runAgent("-e", "OTHER=hidden value");
  const [vm] = place.vms();
  const file = join(place.cloud, "vms", vm!.id, "containers", `${name}.json`);
  const kept = readFileSync(file, "utf8");
  expect(kept).not.toContain("very-secret-token");
  expect(kept).not.toContain("hidden value");
  expect(place.containers()[0]!.environment).toEqual(["MACHINE_RELAY_SCRIPT_URL", "OTHER"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("the token is not in the agent's arguments", async () => {
  await place.create("web-1");
  await runAgent();
  const { pid } = place.containers()[0]!.agent!;
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
  expect(commandLine).toContain("agent.ts");
  expect(commandLine).not.toContain("very-secret-token");
});

test("a second run of the same name is refused in docker's words", async () => {
  await place.create("web-1");
  const first = (await runAgent()).stdout.trim();
  const { exitCode, stdout, stderr } = await runAgent();
  expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: "" });
  expect(stderr).toBe(
    `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use by container "${first}". You have to remove (or rename) that container to be able to reuse that name.\n\nRun 'docker run --help' for more information\n`,
  );
});

test("of many runs at once one has the name", async () => {
  await place.create("web-1");
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => runAgent()));
  expect(outcomes.map(({ exitCode }) => exitCode).sort()).toEqual([0, 125, 125, 125]);
  expect(place.containers()).toHaveLength(1);
});

test("rm wants force for what runs, and with it ends the agent", async () => {
  await place.create("web-1");
  await runAgent();
  const { pid } = place.containers()[0]!.agent!;
  const refused = await place.docker("web-1", ["rm", name]);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("container is running");
  expect(isProcessAlive(pid)).toBe(true);
  expect(await place.docker("web-1", ["rm", "-f", name])).toMatchObject({ exitCode: 0, stdout: `${name}\n` });
  await until(() => !isProcessAlive(pid));
  expect(place.containers()).toEqual([]);
  expect(await place.docker("web-1", ["rm", "-f", name])).toMatchObject({
    exitCode: 0,
    stderr: `Error response from daemon: No such container: ${name}\n`,
  });
  expect((await place.docker("web-1", ["rm", name])).exitCode).toBe(1);
});

test("a container whose agent was killed is shown as exited", async () => {
  await place.create("web-1");
  await runAgent();
  const { pid } = place.containers()[0]!.agent!;
  process.kill(pid, "SIGKILL");
  await until(() => !isProcessAlive(pid));
  const { stdout } = await place.docker("web-1", ["inspect", "-f", "{{.State.Running}} {{.State.Status}}", name]);
  expect(stdout).toBe("false exited\n");
  expect((await place.docker("web-1", ["ps", "-q"])).stdout).toBe("");
});

test.each([
  [["inspect", "nothere"], "[]\n", "Error: No such object: nothere\n"],
  [["inspect", "--format", "{{.Id}}", "nothere"], "\n", "Error: No such object: nothere\n"],
  [["container", "inspect", "nothere"], "[]\n", "Error response from daemon: No such container: nothere\n"],
  [["inspect", "--type", "image", "nothere"], "[]\n", "Error response from daemon: No such image: nothere:latest\n"],
  [["inspect", "--type", "container", "it"], "[]\n", "Error response from daemon: No such container: it\n"],
  [["logs", "nothere"], "", "Error response from daemon: No such container: nothere\n"],
  [["rm", "nothere"], "", "Error response from daemon: No such container: nothere\n"],
])("%j of what is not there fails in docker's words", async (words, stdout, stderr) => {
  await place.create("web-1");
  expect(await place.docker("web-1", words)).toMatchObject({ exitCode: 1, stdout, stderr });
});

test("pull says what it pulled, and the image is there afterwards", async () => {
  await place.create("web-1");
  expect((await place.docker("web-1", ["image", "inspect", "docker:28-cli"])).exitCode).toBe(1);
  const { exitCode, stdout } = await place.docker("web-1", ["pull", "docker:28-cli"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Status: Downloaded newer image for docker:28-cli\ndocker.io/library/docker:28-cli\n");
  expect((await place.docker("web-1", ["image", "inspect", "-f", "{{.RepoTags}}", "docker:28-cli"])).stdout).toBe(
    "[docker:28-cli]\n",
  );
  const inspected = await place.docker("web-1", ["inspect", "--type", "image", "docker:28-cli"]);
  expect(JSON.parse(inspected.stdout)).toMatchObject([{ RepoTags: ["docker:28-cli"] }]);
  expect((await runAgent()).stderr).toBe("");
  const wrong = await place.docker("web-1", ["pull", "Not An Image"]);
  expect(wrong).toMatchObject({ exitCode: 1, stderr: "invalid reference format\n" });
});

test("version and info tell the engine's version", async () => {
  await place.create("web-1");
  const version = await place.docker("web-1", ["version", "--format", "{{.Server.Version}}"]);
  expect(version).toMatchObject({ exitCode: 0, stdout: "28.5.2-simulated\n" });
  const info = await place.docker("web-1", ["info", "--format", "{{json .ID}} {{.ServerVersion}}"]);
  expect(info.stdout).toBe(`"${place.vms()[0]!.id}" 28.5.2-simulated\n`);
});

test("an engine whose VM is gone does not answer, in docker's words for each command", async () => {
  await place.create("web-1");
  const { address } = place.vms()[0]!;
  await place.machine(["destroy", place.vms()[0]!.id]);
  const host = `tcp://${address}:2376`;
  const words = `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
  const ask = (...command: string[]) => place.start(simulatedDocker, ["-H", host, ...command]).outcome;
  expect(await ask("ps")).toMatchObject({ exitCode: 1, stdout: "", stderr: `${words}\n` });
  expect(await ask("inspect", "x")).toMatchObject({ exitCode: 1, stdout: "[]\n", stderr: `${words}\n` });
  expect(await ask("version", "--format", "{{.Server.Version}}")).toMatchObject({ exitCode: 1, stdout: "\n" });
  expect(await ask("run", "-d", "busybox")).toMatchObject({
    exitCode: 125,
    stderr: `docker: ${words}\n\nRun 'docker run --help' for more information\n`,
  });
  const config = await place.machine(["config", "web-1"]);
  expect(config.exitCode).toBe(1);
  expect(config.stderr).toContain(
    "Error running connection boilerplate: Error checking and/or regenerating the certs: ",
  );
});

test("certificates that are not there are told", async () => {
  await place.create("web-1");
  rmSync(join(place.storage, "certs", "cert.pem"));
  const { exitCode, stderr } = await place.docker("web-1", ["ps"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`open ${place.storage}/certs/cert.pem: no such file or directory`);
});

test("a start that fails to order leaves a container that was made and does not run", async () => {
  await place.create("web-1", "--simulated-bootstrap", "fail");
  const { exitCode, stderr } = await runAgent();
  expect(exitCode).toBe(125);
  expect(stderr).toContain("docker: Error response from daemon: failed to create task for container");
  expect((await place.docker("web-1", ["inspect", "-f", "{{.State.Status}}", name])).stdout).toBe("created\n");
});

test("a start that hangs is ended by SIGTERM and leaves nothing", async () => {
  await place.create("web-1", "--simulated-bootstrap", "hang");
  const host = `tcp://${place.vms()[0]!.address}:2376`;
  const run = place.start(simulatedDocker, ["-H", host, "run", "-d", "--name", name, "busybox"]);
  const quick = place.start(simulatedDocker, ["-H", host, "ps", "-aq"]);
  expect(await quick.outcome).toMatchObject({ exitCode: 0, stdout: "" });
  run.child.kill("SIGTERM");
  expect((await run.outcome).signal).toBe("SIGTERM");
  expect(place.containers()).toEqual([]);
});

test.each([
  [["bogus"], 1, "docker: unknown command: docker bogus\n\nRun 'docker --help' for more information\n"],
  [["run", "--bogus", "x"], 125, "unknown flag: --bogus\n"],
  [["run", "-d", "--name"], 125, "flag needs an argument: --name\n"],
])("%j is a wrong command line", async (words, exitCode, beginning) => {
  await place.create("web-1");
  const outcome = await place.docker("web-1", words);
  expect(outcome.exitCode).toBe(exitCode);
  expect(outcome.stderr.startsWith(beginning)).toBe(true);
});
