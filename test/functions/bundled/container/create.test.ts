// The driver `container` against an engine that is a directory: what it says, what it keeps, and what is left of a
// create that fails, or is killed at any instant.
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { makePlace } from "./place.ts";

test("create says what docker-machine says, and the machine's engine answers to its certificates", async () => {
  const place = await makePlace();
  const { stdout, stderr, exitCode } = await place.create("web-1");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  const port = place.record("web-1").Driver.EnginePort;
  const id = place.record("web-1").Driver.ContainerId as string;
  expect(stdout.split("\n")).toEqual([
    `Creating CA: ${place.storage}/certs/ca.pem`,
    `Creating client certificate: ${place.storage}/certs/cert.pem`,
    "Running pre-create checks...",
    "Creating machine...",
    "(web-1) Creating container...",
    `(web-1) Created container ${id.slice(0, 12)}, address 127.0.0.1`,
    "Waiting for machine to be running, this may take a few minutes...",
    "Provisioning with container...",
    "Copying certs to the local machine directory...",
    "Copying certs to the remote machine...",
    "Setting Docker configuration on the remote daemon...",
    "Checking connection to Docker...",
    "Docker is up and running!",
    "To see how to connect your Docker Client to the Docker Engine running on this virtual machine, run: docker-machine env web-1",
    "",
  ]);
  const say = async (...words: string[]) => (await place.machine(words)).stdout;
  expect(await say("config", "web-1")).toBe(
    [
      "--tlsverify",
      `--tlscacert="${place.storage}/certs/ca.pem"`,
      `--tlscert="${place.storage}/certs/cert.pem"`,
      `--tlskey="${place.storage}/certs/key.pem"`,
      `-H=tcp://127.0.0.1:${port}\n`,
    ].join("\n"),
  );
  expect(await say("version", "web-1")).toBe("28.5.2\n");
  expect(await say("ip", "web-1")).toBe("127.0.0.1\n");
  expect(await say("url", "web-1")).toBe(`tcp://127.0.0.1:${port}\n`);
  expect(await say("status", "web-1")).toBe("Running\n");
  expect((await say("ls")).split("\n")[1]).toMatch(
    /^web-1 +- +container +Running +tcp:\/\/127\.0\.0\.1:\d+ +v28\.5\.2 *$/,
  );
  expect(JSON.parse(await say("inspect", "web-1"))).toMatchObject({ DriverName: "container", Name: "web-1" });
  expect(place.file("web-1", "restart")).toBe("unless-stopped\n");
});

test("keys are readable to their owner only, here and in the machine", async () => {
  const place = await makePlace();
  await place.create("web-1");
  const inMachine = join(place.engine, "containers/web-1/etc/machine-relay/server-key.pem");
  const here = ["certs/ca-key.pem", "certs/key.pem", "machines/web-1/server-key.pem", "machines/web-1/config.json"];
  for (const file of [inMachine, ...here.map((name) => join(place.storage, name))]) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

test("the record is on disk before the container is asked for, and knows it as soon as it is made", async () => {
  const place = await makePlace();
  place.order("start", 'cp "$MACHINE_STORAGE_PATH/machines/web-1/config.json" "$engine/record-at-start"');
  await place.create("web-1");
  expect(JSON.parse(place.file("web-1", "record-at-create")).Driver).toMatchObject({
    ContainerId: "",
    EngineId: "ENGINE-1",
  });
  expect(JSON.parse(place.file("../record-at-start")).Driver.ContainerId).toBe(place.file("web-1", "id").trim());
});

test("container and volume carry the machine's name and id", async () => {
  const place = await makePlace();
  await place.machine(["create", "-d", "container", "web-1"], { MACHINE_RELAY_MACHINE_ID: "mch_01" });
  expect(place.file("web-1", "labels")).toBe("machine-relay.machine=web-1\nmachine-relay.machine-id=mch_01\n");
  expect(place.calls().find((call) => call.startsWith("create "))).toContain(
    "--mount type=volume,dst=/var/lib/docker,volume-label=machine-relay.machine=web-1,volume-label=machine-relay.machine-id=mch_01 ",
  );
});

test("an image that is missing is pulled, before anything is made", async () => {
  const place = await makePlace();
  const { stdout } = await place.create("web-1", "--container-image", "registry.example/dind:1");
  expect(stdout).toContain(
    "Running pre-create checks...\n(web-1) Pulling image registry.example/dind:1...\n(web-1) Pulling image registry.example/dind:1: 1 of 1 layers\nCreating machine...\n",
  );
});

test("where nothing runs privileged, it is given the capabilities instead", async () => {
  const place = await makePlace();
  place.order("create", 'case "$*" in *--privileged*) touch "$engine/is-privileged" ;; esac');
  place.order(
    "start",
    '[ ! -e "$engine/is-privileged" ] || { rm "$engine/is-privileged"; refuse "unable to apply caps: operation not permitted: unknown"; }',
  );
  const { stdout, exitCode } = await place.create("web-1");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("(web-1) This engine cannot run it privileged: giving it the capabilities that it needs");
  expect(place.calls().findLast((call) => call.startsWith("create "))).toContain(
    "--cap-add=ALL --cap-drop=SYS_RESOURCE",
  );
  expect(place.left()).toEqual(["web-1", "of-web-1"]);
});

test("the record forgets a container that was given up: who reads it must not take the next one for made", async () => {
  const place = await makePlace();
  place.order("start", 'touch "$engine/tried"; refuse "unable to apply caps: operation not permitted: unknown"');
  place.order("create", '[ ! -e "$engine/tried" ] || { echo "unexpected EOF" >&2; exit 1; }');
  const { exitCode, stderr } = await place.create("web-1");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("unexpected EOF")]);
  expect(place.record("web-1").Driver.ContainerId).toBe("");
});

test("a port that somebody has is left to them, and another one is taken", async () => {
  const place = await makePlace();
  place.order(
    "start",
    '[ -e "$engine/once" ] || { touch "$engine/once"; refuse "driver failed programming external connectivity: Bind for 127.0.0.1:20001 failed: port is already allocated"; }',
  );
  expect((await place.create("web-1")).exitCode).toBe(0);
  const ports = place.calls().flatMap((call) => /--publish 127\.0\.0\.1:(\d+):2376/.exec(call)?.[1] ?? []);
  expect(new Set(ports).size).toBe(2);
  expect(place.record("web-1").Driver.EnginePort).toBe(Number(ports[1]));
});

describe("what cannot be is said in words that help", () => {
  const inDriver = "Error creating machine: Error in driver during machine creation: ";
  const checking = "Error creating machine: Error checking the host: ";

  test("no engine", async () => {
    const place = await makePlace();
    place.end();
    expect(await place.create("web-1")).toMatchObject({
      exitCode: 3,
      stderr: `Error with pre-create check: "No Docker engine answers at unix:///var/run/docker.sock. Start it, or choose another one with DOCKER_HOST. (docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?)"\n`,
    });
    expect(place.hasRecord("web-1")).toBe(false);
  });

  test("no right", async () => {
    const place = await makePlace();
    place.order(
      "info",
      "echo 'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock' >&2; exit 1",
    );
    const { exitCode, stderr } = await place.create("web-1");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("This user may not speak to the Docker engine at unix:///var/run/docker.sock. Add it to");
  });

  test("no docker client", async () => {
    const place = await makePlace();
    const { exitCode, stderr } = await place.machine(["create", "-d", "container", "web-1"], { DOCKER: "/nowhere" });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("There is no docker client here (it was not found). Install it on PATH, or set DOCKER.");
  });

  test("an engine of another system", async () => {
    const place = await makePlace();
    place.order("info", `echo '{"ID":"W","OSType":"windows"}'; exit 0`);
    expect((await place.create("web-1")).stderr).toContain("runs containers of windows: it must run those of linux");
  });

  test("an engine on another host, and nobody says how to reach its containers", async () => {
    const place = await makePlace();
    const { exitCode, stderr } = await place.create("web-1", "--container-docker-host", "tcp://192.0.2.7:2375");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("say with --container-publish at which of its addresses the machine can be reached");
  });

  test("no image", async () => {
    const place = await makePlace();
    place.order("pull", 'refuse "manifest for docker:nope not found: manifest unknown"');
    const { exitCode, stderr } = await place.create("web-1", "--container-image", "docker:nope");
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      "The engine does not have the image docker:nope, and could not pull it: manifest for docker:nope not found: manifest unknown. Look whether",
    );
    expect(place.hasRecord("web-1")).toBe(false);
  });

  test("an image without a shell", async () => {
    const place = await makePlace();
    place.order("start", `refuse 'exec: "sh": executable file not found in $PATH: unknown'`);
    expect((await place.create("web-1")).stderr).toBe(
      `${inDriver}The image docker:28-dind has no dockerd in it: it cannot be a Docker host. Choose one that has, such as docker:28-dind.\n`,
    );
    expect(place.left()).toEqual([]);
  });

  test("an image without dockerd", async () => {
    const place = await makePlace();
    place.order(
      "cp",
      'echo "machine-relay: there is no dockerd in this image" >"$engine/containers/web-1/log"; echo 127 >"$engine/containers/web-1/exit"; exit 0',
    );
    const { exitCode, stderr } = await place.create("web-1");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${checking}The image docker:28-dind has no dockerd in it`);
  });

  test("a dockerd that does not come up, with its last words", async () => {
    const place = await makePlace();
    place.order(
      "cp",
      'echo "failed to start daemon: no space left" >"$engine/containers/web-1/log"; echo 1 >"$engine/containers/web-1/exit"; exit 0',
    );
    expect((await place.create("web-1")).stderr).toBe(
      `${checking}The engine inside the machine does not come up: its container ended with exit code 1. The last it said:\nfailed to start daemon: no space left\n`,
    );
  });

  test("an engine that ends in the middle", async () => {
    const place = await makePlace();
    place.order("cp", 'touch "$engine/down"; echo "error during connect: unexpected EOF" >&2; exit 1');
    expect((await place.create("web-1")).stderr).toContain("Error running provisioning: No Docker engine answers at");
  });

  test("a container of that name which is none of ours, and stays", async () => {
    const place = await makePlace();
    place.order(
      "create",
      'mkdir "$engine/containers/web-1"; echo other >"$engine/containers/web-1/id"; touch "$engine/containers/web-1/labels"',
    );
    expect((await place.create("web-1")).stderr).toContain('Conflict. The container name "/web-1" is already in use');
    expect((await place.machine(["rm", "-y", "web-1"])).exitCode).toBe(0);
    expect(place.left()).toEqual(["web-1"]);
  });

  test("an option that makes no sense", async () => {
    const place = await makePlace();
    expect(await place.create("web-1", "--container-memory=much")).toMatchObject({
      exitCode: 1,
      stderr:
        'Error setting machine configuration from flags provided: container driver: --container-memory must be a size such as 2g, got "much"\n',
    });
    expect(place.calls()).toEqual([]);
  });
});

const killParent = "kill -9 $PPID";
test.each([
  ["info", killParent],
  ["create", killParent],
  ["after-create", killParent],
  ["start", killParent],
  ["after-start", killParent],
  ["container-inspect", killParent],
  ["cp", killParent],
  ["after-cp", killParent],
  ["wait", killParent],
  ["update", killParent],
  ["after-update", killParent],
])("killed at %s, it leaves nothing that census and rm do not find", async (command, script) => {
  const place = await makePlace();
  // The capabilities' way asks for the address, which a published port does not need.
  const words = command === "container-inspect" ? ["--container-publish", "no"] : [];
  place.order(command, script);
  expect((await place.create("web-1", ...words)).signal).toBe("SIGKILL");
  place.order(command, "");
  // The docker client outlives its parent, and may be at work still.
  const census = await vi.waitFor(async () => {
    const made = place.left();
    const lines = (await place.machine(["census", "web-1"])).stdout.split("\n").filter(Boolean);
    expect(lines.length).toBe(made.includes("web-1") ? 1 : 0);
    return lines;
  }, 10_000);
  for (const line of census) {
    const { id } = JSON.parse(line);
    expect((await place.machine(["destroy", id])).exitCode).toBe(0);
  }
  expect(place.left()).toEqual([]);
  if (!place.hasRecord("web-1")) return;
  expect((await place.machine(["rm", "-y", "web-1"])).stdout).toContain("Successfully removed web-1");
});
