import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogueOf, requireDriver } from "../../functions/docker-machine/drivers.ts";
import {
  findTools,
  howToGetDockerMachine,
  type Tools,
  type ToolsConfig,
} from "../../functions/docker-machine/tools.ts";
import { fakeDockerMachine, temporaryDirectory, writeProgram } from "./work-scene.ts";

const versionOf = (name: string) => `#!/bin/sh\necho "${name} version 1.2.3, build x"\n`;

async function toolsWith(programs: Record<string, string>, config: Partial<ToolsConfig> = {}) {
  const bin = await temporaryDirectory();
  for (const [name, text] of Object.entries(programs)) await writeProgram(join(bin, name), text);
  const tools = findTools({
    dockerMachine: null,
    docker: null,
    environment: { PATH: `${bin}:/usr/bin:/bin` },
    simulatedCloudDirectory: null,
    ...config,
  });
  return { bin, tools };
}

describe("the program", () => {
  test("is docker-machine before rancher-machine, whatever the order on PATH", async () => {
    const { bin, tools } = await toolsWith({
      "rancher-machine": versionOf("rancher-machine"),
      "docker-machine": versionOf("docker-machine"),
    });
    expect((await tools.findProgram(null)).found).toMatchObject({
      name: "docker-machine",
      version: "1.2.3",
      path: join(bin, "docker-machine"),
    });
  });

  test("is the one that DOCKER_MACHINE names, and no other in its place", async () => {
    const { bin, tools } = await toolsWith({ "docker-machine": versionOf("docker-machine"), mine: versionOf("mine") });
    const named = (dockerMachine: string) => findTools({ ...tools.config, dockerMachine }).findProgram(null);
    expect((await named(join(bin, "mine"))).found?.name).toBe("mine");
    expect((await named("mine")).found?.path).toBe(join(bin, "mine"));
    expect((await named("/nowhere/dm")).missing).toBe(
      `DOCKER_MACHINE: /nowhere/dm was not found. ${howToGetDockerMachine}`,
    );
  });

  test("that is missing says how to get one", async () => {
    const { tools } = await toolsWith({});
    expect(await tools.findProgram(null)).toEqual({
      found: null,
      missing: `docker-machine or rancher-machine was not found. ${howToGetDockerMachine}`,
    });
  });

  test("that is not executable is told from one that is not there", async () => {
    const { bin, tools } = await toolsWith({});
    await writeFile(join(bin, "docker-machine"), versionOf("docker-machine"));
    expect((await tools.findProgram(null)).missing).toContain(`${join(bin, "docker-machine")} is not executable.`);
  });

  test.each([
    ["dies", "#!/bin/sh\necho 'cannot open shared object' >&2\nexit 127\n", "exit code 127: cannot open shared object"],
    ["is no docker-machine", "#!/bin/sh\necho hello\n", "exit code 0: hello"],
    ["is no program", "\x7fELFnot", "exit code 127: "],
    ["has no interpreter", "#!/nowhere/sh\n", "does not exist, or its interpreter does not"],
    ["prints without end", "#!/bin/sh\nexec yes\n", "printed more than 1048576 bytes"],
  ])("that %s is said to be broken, and how", async (_, text, words) => {
    const { tools } = await toolsWith({ "docker-machine": text });
    expect((await tools.findProgram(null)).missing).toContain(words);
  });

  test("that leaves somebody behind who holds its output has answered all the same", async () => {
    const { bin, tools } = await toolsWith({
      "docker-machine":
        '#!/bin/sh\nsetsid sleep 60 &\necho "$!" >"$0.left"\necho "docker-machine version 1.2.3, build x"\n',
    });
    expect((await tools.findProgram(null)).found?.version).toBe("1.2.3");
    process.kill(Number(await readFile(join(bin, "docker-machine.left"), "utf8")), "SIGKILL");
  });

  test("that is installed or replaced while we run is found without a restart", async () => {
    const { bin, tools } = await toolsWith({});
    expect((await tools.findProgram(null)).found).toBeNull();
    await writeProgram(join(bin, "docker-machine"), versionOf("docker-machine"));
    expect((await tools.findProgram(null)).found?.version).toBe("1.2.3");
    await writeProgram(join(bin, "docker-machine"), "#!/bin/sh\necho 'docker-machine version 10.0.0, build y'\n");
    expect((await tools.findProgram(null)).found?.version).toBe("10.0.0");
  });

  test("of a bundled driver is our own, with its cloud's directory", async () => {
    const { tools } = await toolsWith({}, { simulatedCloudDirectory: "/clouds/one" });
    const { found } = await tools.findProgram("simulated");
    expect(found?.command[0]).toBe(process.execPath);
    expect(found?.environment).toEqual({ SIMULATED_CLOUD_DIR: "/clouds/one" });
  });
});

test("without a docker client bootstrap is told what to install", async () => {
  const { tools } = await toolsWith({}, { docker: "/nowhere/docker" });
  expect((await tools.findDocker("generic")).missing).toContain("Install the docker client on PATH, or set DOCKER.");
  expect((await tools.findDocker("simulated")).found?.command[1]).toMatch(/simulated\/docker\.ts$/);
});

describe("the catalogue", () => {
  const names = async (tools: Tools) => (await catalogueOf(tools).list()).map(({ name }) => name);

  test("has what the program knows, the bundled ones, and each plugin on PATH", async () => {
    const { tools, directory } = await fakeDockerMachine({});
    await mkdir(join(directory, "bin/docker-machine-driver-directory"));
    expect(await names(tools)).not.toContain("kvm");
    // The fake has help for it as soon as there is a file; the plugin itself is never asked.
    await writeProgram(join(directory, "bin/docker-machine-driver-none"), "#!/bin/sh\n");
    const listed = await names(tools);
    expect(listed).toContain("digitalocean");
    expect(listed).toContain("simulated");
    expect(listed).not.toContain("pod");
    expect(listed).not.toContain("directory");
    expect(listed).toEqual(listed.toSorted());
  });

  test("lists a driver without options, and describes it with them", async () => {
    const { tools } = await fakeDockerMachine({});
    expect((await catalogueOf(tools).list()).find(({ name }) => name === "generic")).toEqual({
      name: "generic",
      program: { name: "docker-machine", version: "0.16.2", path: expect.stringMatching(/bin\/docker-machine$/) },
      unavailable: null,
      isSimulated: false,
    });
    const { options } = (await catalogueOf(tools).find("generic")) ?? {};
    expect(options?.map(({ name }) => name)).toContain("ipAddress");
  });

  test("says which options are set by variables of the functions themselves", async () => {
    const { tools } = await fakeDockerMachine({});
    const environment = { ...tools.config.environment, GENERIC_IP_ADDRESS: "203.0.113.7", GENERIC_SSH_USER: "" };
    const { options } = (await catalogueOf(findTools({ ...tools.config, environment })).find("generic")) ?? {};
    const set = options?.filter(({ isSetThere }) => isSetThere).map(({ name }) => name);
    expect(set).toEqual(["ipAddress"]);
  });

  test("says that simulated machines are not real", async () => {
    const { tools } = await fakeDockerMachine({});
    expect(await catalogueOf(tools).find("simulated")).toMatchObject({ isSimulated: true, unavailable: null });
    expect((await catalogueOf(tools).find("simulated"))?.options?.map(({ name }) => name)).toContain("failAt");
  });

  test("keeps the drivers of a missing docker-machine visible, with the way to get it", async () => {
    const { tools } = await toolsWith({});
    const digitalocean = (await catalogueOf(tools).list()).find(({ name }) => name === "digitalocean");
    expect(digitalocean).toMatchObject({ program: null, unavailable: expect.stringContaining(howToGetDockerMachine) });
    await expect(requireDriver(tools, "digitalocean")).rejects.toMatchObject({
      details: { status: 422, code: "driver.unavailable", detail: expect.stringContaining(howToGetDockerMachine) },
    });
  });

  test("offers the nearest name for one that nobody knows", async () => {
    const { tools } = await fakeDockerMachine({});
    await expect(requireDriver(tools, "digitalocaen")).rejects.toMatchObject({
      details: {
        status: 422,
        code: "driver.notFound",
        expected: "a driver, for example digitalocean",
        got: "digitalocaen",
      },
    });
    expect(await catalogueOf(tools).find("../etc")).toBeNull();
  });
});
