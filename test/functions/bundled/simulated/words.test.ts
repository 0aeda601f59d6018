// The simulated docker-machine beside the real one: the same command lines, the same words, streams and exit codes.
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { usePlace } from "./place.ts";

const real = findRealProgram();
if (real === null) {
  console.warn("NOT RUN: there is no docker-machine 0.16 on PATH or in DOCKER_MACHINE to compare the words with.");
}

const place = usePlace();

/** Null: it is not here. The fork words some things differently. */
function findRealProgram(): string | null {
  const name = process.env.DOCKER_MACHINE || "docker-machine";
  const { stdout } = spawnSync(name, ["--version"], { encoding: "utf8" });
  return stdout?.startsWith("docker-machine version 0.16") ? name : null;
}

describe.skipIf(real === null)("beside the real docker-machine", () => {
  let realStorage = "";

  beforeEach(() => {
    realStorage = join(place.cloud, "..", "real-storage");
  });

  function runReal(words: readonly string[], input = ""): { exitCode: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(real!, words, {
      encoding: "utf8",
      input,
      // Without a SHELL it guesses one, aloud.
      env: { PATH: process.env.PATH, SHELL: "/bin/sh", HOME: realStorage, MACHINE_STORAGE_PATH: realStorage },
    });
    return { exitCode: status, stdout: normalise(stdout), stderr: normalise(stderr) };
  }

  async function runOurs(words: readonly string[], input = "") {
    const { exitCode, stdout, stderr } = await place.machine(words, { input });
    return { exitCode, stdout: normalise(stdout), stderr: normalise(stderr) };
  }

  function normalise(text: string): string {
    return text
      .replaceAll(realStorage, "<storage>")
      .replaceAll(place.storage, "<storage>")
      .replace('--driver, -d "virtualbox"', '--driver, -d "simulated"')
      .split("\n")
      .filter((line) => !/^ {3}--(simulated|virtualbox)-|^ {3}--url /.test(line))
      .join("\n");
  }

  const createReal = (name: string) => runReal(["create", "-d", "none", "--url", "tcp://127.0.0.1:1", name]);

  test.each([
    [["create", "--help"]],
    [["config", "--help"]],
    [["inspect", "--help"]],
    [["ip", "--help"]],
    [["ls", "--help"]],
    [["provision", "--help"]],
    [["rm", "--help"]],
    [["status", "--help"]],
    [["version", "--help"]],
    [["create", "--bogus", "x"]],
    [["create", "--engine-label"]],
    [["create", "-d", "nope", "x"]],
    [["create", "-d", "nope", "--help"]],
    [["ls", "--bogus"]],
    [["status", "--bogus"]],
    [["bogus"]],
    [["ls"]],
    [["ls", "-q"]],
    [["ls", "--filter", "bogus=x"]],
    [["config"]],
    [["config", "nothere"]],
    [["inspect"]],
    [["inspect", "nothere"]],
    [["inspect", "one", "two"]],
    [["ip"]],
    [["provision"]],
    [["provision", "nothere"]],
    [["status"]],
    [["status", "nothere"]],
    [["status", "one", "two"]],
    [["version", "nothere"]],
    [["version", "one", "two"]],
    [["active"]],
    [["active", "--help"]],
    [["url"]],
    [["url", "--help"]],
    [["url", "nothere"]],
    [["regenerate-certs"]],
    [["regenerate-certs", "--help"]],
    [["regenerate-certs", "-f", "nothere"]],
    [["rm"]],
    [["rm", "nothere"]],
    [["rm", "-y", "nothere"]],
    [["rm", "-f", "nothere"]],
    [["rm", "nothere", "-y"]],
    [["rm", "-y", "one", "two"]],
  ])("%j without a machine", async (words) => {
    expect(await runOurs(words)).toEqual(runReal(words));
  });

  test.each([
    [["rm", "-y", "a1"]],
    [["rm", "-f", "a1"]],
    [["rm", "-y", "a1", "nothere"]],
    [["status", "a1"]],
    [["ls", "-q"]],
  ])("%j with a machine", async (words) => {
    await place.create("a1");
    createReal("a1");
    expect(await runOurs(words)).toEqual(runReal(words));
    expect(await runOurs(["ls", "-q"])).toEqual(runReal(["ls", "-q"]));
  });

  test.each(["", "n\n", "y\n"])("rm that is answered %j", async (input) => {
    await place.create("a1");
    createReal("a1");
    expect(await runOurs(["rm", "a1"], input)).toEqual(runReal(["rm", "a1"], input));
    expect(await runOurs(["ls", "-q"])).toEqual(runReal(["ls", "-q"]));
  });

  test.each([
    ["already there", ["a1"]],
    ["wrong", ["bad name!"]],
    ["missing", []],
    ["one too many", ["a2", "a3"]],
  ])("create with a name that is %s", async (_, names) => {
    await place.create("a1");
    createReal("a1");
    const ours = await runOurs(["create", "-d", "simulated", ...names]);
    expect(ours).toEqual(runReal(["create", "-d", "none", "--url", "tcp://127.0.0.1:1", ...names]));
    expect(ours.exitCode).toBe(1);
  });

  test("what both say of a create is the same, and so is the record's shape", async () => {
    const ours = (await place.create("a1")).stdout.split("\n").map(normalise);
    const theirs = createReal("a1").stdout.split("\n");
    expect(ours.filter((line) => theirs.includes(line))).toEqual(theirs);
    const read = (words: string[]) => JSON.parse(words.join(""));
    const record = read([(await place.machine(["inspect", "a1"])).stdout]);
    const realRecord = read([
      execFileSync(real!, ["-s", realStorage, "inspect", "a1"], { encoding: "utf8", env: { PATH: process.env.PATH } }),
    ]);
    expect(Object.keys(record)).toEqual(Object.keys(realRecord));
    // Fields of the driver are its own; the rest is docker-machine's.
    const withoutPlace = (value: unknown) => JSON.parse(normalise(JSON.stringify(value)));
    expect(withoutPlace(record.HostOptions)).toEqual(withoutPlace(realRecord.HostOptions));
  });

  test.each([
    ["without a record", null],
    ["with half a record", "{"],
  ])("a machine %s", async (_, content) => {
    await place.create("a1");
    createReal("a1");
    for (const storage of [place.storage, realStorage]) {
      const file = join(storage, "machines", "a1", "config.json");
      rmSync(file);
      if (content !== null) writeFileSync(file, content);
    }
    for (const words of [["status", "a1"], ["config", "a1"], ["ls"], ["rm", "-y", "a1"], ["rm", "-f", "a1"], ["ls"]]) {
      expect(await runOurs(words)).toEqual(runReal(words));
    }
  });

  test("a storage directory that cannot be made", async () => {
    const create = ["-s", "/proc/nowhere", "create", "-d"];
    const ours = await runOurs([...create, "simulated", "a1"]);
    expect(ours).toEqual(runReal([...create, "none", "--url", "tcp://127.0.0.1:1", "a1"]));
    expect(ours.exitCode).toBe(1);
  });
});
