// rm, census and destroy of the driver `container`: the engine is believed, and only the right one.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePlace } from "./place.ts";

test("rm removes the container, its volume and the record", async () => {
  const place = await makePlace();
  await place.create("web-1");
  await place.create("web-2");
  expect(await place.machine(["rm", "-y", "web-1"])).toMatchObject({
    exitCode: 0,
    stdout:
      "About to remove web-1\nWARNING: This action will delete both local reference and remote instance.\nSuccessfully removed web-1\n",
  });
  expect(place.left()).toEqual(["web-2", "of-web-2"]);
  expect(place.hasRecord("web-1")).toBe(false);
});

test("rm removes what carries the machine's name although the record never learned of it", async () => {
  const place = await makePlace();
  place.order("after-create", "kill -9 $PPID");
  await place.create("web-1");
  expect(place.record("web-1").Driver.ContainerId).toBe("");
  expect((await place.machine(["rm", "-y", "web-1"])).exitCode).toBe(0);
  expect(place.left()).toEqual([]);
});

test("gone already is fine", async () => {
  const place = await makePlace();
  await place.create("web-1");
  await place.machine(["destroy", place.file("web-1", "id").trim()]);
  expect(place.left()).toEqual([]);
  expect((await place.machine(["status", "web-1"])).stderr).toMatch(/^No such container: /);
  expect((await place.machine(["rm", "-y", "web-1"])).stdout).toContain("Successfully removed web-1");
  expect((await place.machine(["destroy", "feedbeef"])).exitCode).toBe(0);
});

test("somebody else's removal that is under way is waited for", async () => {
  const place = await makePlace();
  await place.create("web-1");
  place.order(
    "rm",
    '(sleep 0.3; rm -r "$engine/containers/web-1" "$engine/volumes/of-web-1") >/dev/null 2>&1 & kill "$(cat "$engine/containers/web-1/pid")"; refuse "removal of container web-1 is already in progress"',
  );
  expect((await place.machine(["rm", "-y", "web-1"])).exitCode).toBe(0);
  expect(place.left()).toEqual([]);
});

test("an engine that does not answer is an error, never an empty answer", async () => {
  const place = await makePlace();
  await place.create("web-1");
  place.end();
  for (const words of [
    ["rm", "-y", "web-1"],
    ["census", "web-1"],
    ["destroy", "feedbeef"],
    ["status", "web-1"],
  ]) {
    const { exitCode, stderr } = await place.machine(words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("No Docker engine answers at");
  }
  expect(place.hasRecord("web-1")).toBe(true);
  place.revive();
});

test("an engine that refuses is told in its words", async () => {
  const place = await makePlace();
  await place.create("web-1");
  place.order("rm", 'refuse "driver failed to remove root filesystem: device or resource busy"');
  expect(await place.machine(["rm", "-y", "web-1"])).toMatchObject({
    exitCode: 1,
    stderr: 'Error removing host "web-1": driver failed to remove root filesystem: device or resource busy\n',
  });
  expect(place.hasRecord("web-1")).toBe(true);
});

describe("another engine in the place of the machine's", () => {
  test("is neither asked nor believed", async () => {
    const place = await makePlace();
    await place.create("web-1");
    place.beEngine("ENGINE-2");
    for (const words of [
      ["rm", "-y", "web-1"],
      ["census", "web-1"],
      ["status", "web-1"],
    ]) {
      const { exitCode, stderr } = await place.machine(words);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("is not the one that has this machine: its id is ENGINE-2, not ENGINE-1");
    }
    expect(place.left()).toEqual(["web-1", "of-web-1"]);
  });

  test("is not asked where the record says where the machine is", async () => {
    const place = await makePlace();
    place.order("info", 'echo "$DOCKER_HOST" >>"$engine/asked"');
    await place.machine(["create", "-d", "container", "web-1"], { DOCKER_HOST: "unix:///one.sock" });
    await place.machine(["rm", "-y", "web-1"], { DOCKER_HOST: "unix:///two.sock" });
    // There is no record any more: now it is as the caller says.
    await place.machine(["census", "--container-docker-host", "unix:///three.sock", "web-1"]);
    expect(place.file("../asked").split("\n")).toEqual([
      "unix:///one.sock",
      "unix:///one.sock",
      "unix:///three.sock",
      "",
    ]);
  });
});

describe("the census", () => {
  test("shows what carries the mark and no more, as lines of JSON", async () => {
    const place = await makePlace();
    await place.create("web-1");
    await place.create("web-10");
    const { stdout } = await place.machine(["census", "web-1"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([{ id: place.file("web-1", "id").trim(), name: "web-1", machineName: "web-1" }]);
  });

  test("shows a volume that its container has left behind, and destroy removes it", async () => {
    const place = await makePlace();
    mkdirSync(join(place.engine, "volumes/lost"));
    writeFileSync(join(place.engine, "volumes/lost/labels"), "machine-relay.machine=web-1\n");
    const { stdout } = await place.machine(["census", "web-1"]);
    expect(JSON.parse(stdout)).toEqual({ id: "volume:lost", name: "lost", machineName: "web-1" });
    expect((await place.machine(["destroy", "volume:lost"])).exitCode).toBe(0);
    expect(place.left()).toEqual([]);
  });

  test("leaves out what another installation has under the same name", async () => {
    const place = await makePlace();
    await place.machine(["create", "-d", "container", "web-1"], { MACHINE_RELAY_MACHINE_ID: "mch_01" });
    const census = async (id: string) =>
      (await place.machine(["census", "web-1"], { MACHINE_RELAY_MACHINE_ID: id })).stdout;
    expect(await census("mch_02")).toBe("");
    expect(await census("mch_01")).toContain('"name":"web-1"');
    const { id } = JSON.parse(await census("mch_01"));
    const destroyed = await place.machine(["destroy", id], { MACHINE_RELAY_MACHINE_ID: "mch_02" });
    expect(destroyed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("another machine's: it is left alone"),
    });
    expect(place.left()).toContain("web-1");
  });
});

test("destroy leaves alone what is no machine's, and takes no path for an id", async () => {
  const place = await makePlace();
  mkdirSync(join(place.engine, "containers/postgres"));
  writeFileSync(join(place.engine, "containers/postgres/id"), "feedbeef\n");
  writeFileSync(join(place.engine, "containers/postgres/labels"), "app=db\n");
  expect(await place.machine(["destroy", "feedbeef"])).toMatchObject({
    exitCode: 1,
    stderr: "The container feedbeef is no machine's: it is left alone.\n",
  });
  for (const id of ["../etc", "--force=x", "volume:../x"]) {
    expect((await place.machine(["destroy", "--", id])).stderr).toContain("is no id of a container or a volume");
  }
  expect(place.left()).toEqual(["postgres"]);
});

test("provision makes new certificates, with which the engine starts again", async () => {
  const place = await makePlace();
  await place.create("web-1");
  const before = place.file("web-1", "etc/machine-relay/server.pem");
  expect(await place.machine(["provision", "web-1"])).toMatchObject({ exitCode: 0, stderr: "" });
  expect(place.file("web-1", "etc/machine-relay/server.pem")).not.toBe(before);
  expect((await place.machine(["version", "web-1"])).stdout).toBe("28.5.2\n");
});

test("a machine whose engine is away says so in docker-machine's words", async () => {
  const place = await makePlace();
  await place.create("web-1");
  process.kill(Number(place.file("web-1", "pid")), "SIGKILL");
  rmSync(join(place.engine, "containers/web-1/pid"));
  const { EnginePort: port } = place.record("web-1").Driver;
  const { exitCode, stderr } = await place.machine(["config", "web-1"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `There was an error validating certificates for host "127.0.0.1:${port}": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  );
  expect((await place.machine(["version", "web-1"])).stderr).toBe(
    "Unable to query docker version: Cannot connect to the docker engine endpoint\n",
  );
});

describe("lend-image", () => {
  test("copies an image of the engine to the machine's own, and pulls it first where it is missing", async () => {
    const place = await makePlace();
    await place.create("web-1");
    expect((await place.machine(["lend-image", "web-1", "docker:28-cli"])).stdout).toContain(
      "(web-1) Pulling image docker:28-cli...",
    );
    expect(place.file("../loaded")).toBe("the layers of docker:28-cli\n");
    expect(place.calls().find((call) => call.startsWith("--tlsverify"))).toMatch(
      /^--tlsverify --tlscacert=\S+ --tlscert=\S+ --tlskey=\S+ --host=tcp:\/\/127\.0\.0\.1:\d+ load/,
    );
  });

  test.each([
    ["pull", 'refuse "no such host"', "could not pull it: no such host"],
    ["save", 'refuse "no space left on device"', "no space left on device"],
    ["--tlsverify", 'cat >/dev/null; refuse "invalid tar header"', "invalid tar header"],
  ])("fails when %s does", async (command, script, words) => {
    const place = await makePlace();
    await place.create("web-1");
    place.order(command, script);
    const { exitCode, stderr } = await place.machine(["lend-image", "web-1", "docker:28-cli"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
  });
});
