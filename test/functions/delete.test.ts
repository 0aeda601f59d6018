import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EventMachine, outcomeUnknown } from "../../functions/contract.ts";
import { buildCreate } from "../../functions/create.ts";
import { buildDelete } from "../../functions/delete.ts";
import { unpackArchive } from "../../functions/docker-machine/archive.ts";
import { fakeDockerMachine, machineOf, runWork, temporaryDirectory } from "./work-scene.ts";

async function archiveOf(dropletId: number, changes: Partial<EventMachine> = {}): Promise<string> {
  const fake = await fakeDockerMachine({ create: `save_record ${dropletId}` });
  const { result } = await runWork(buildCreate(fake.tools), fake.tools, { machine: machineOf(changes) });
  return result.machine.archive!;
}

async function runDelete(
  commands: Record<string, string>,
  changes: Partial<EventMachine>,
  dockerCommands: Record<string, string> = {},
) {
  const fake = await fakeDockerMachine(commands, { dockerCommands });
  const run = await runWork(buildDelete(fake.tools), fake.tools, { machine: machineOf(changes) });
  return { ...run, calls: await fake.calls() };
}

describe("a machine with the provider's id", () => {
  test("is gone when docker-machine says so, whatever its exit code", async () => {
    const { result, calls } = await runDelete({ rm: "removed; exit 1" }, { archive: await archiveOf(17) });
    expect(result).toEqual({ transitioning: "no", message: "web-1 is deleted", machine: { archive: null } });
    expect(calls).toEqual(["docker-machine rm -y web-1-k3f9q2ab"]);
  });

  test.each([
    ["refuses", "echo 'Error removing host \"web-1-k3f9q2ab\": 403 no' >&2; exit 1", "403 no"],
    ["says nothing, with exit code 0", "exit 0", "It ended with exit code 0, without a word"],
    [
      "says it of another machine",
      "echo 'Successfully removed web-1'; exit 0",
      "It ended with exit code 0: Successfully removed web-1",
    ],
  ])("is not gone when docker-machine %s, and can be tried again", async (_, rm, words) => {
    const { result } = await runDelete({ rm }, { archive: await archiveOf(17) });
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed", message: words });
    const again = await runDelete({ rm: "removed" }, { archive: result.machine.archive! });
    expect(again.result.transitioning).toBe("no");
  });

  test("is removed with the token of the event, not with the recorded one", async () => {
    const archive = await archiveOf(17, { driverConfig: { accessToken: "old-token" } });
    const seen = join(await temporaryDirectory(), "seen");
    const { secrets } = await runDelete(
      { rm: `cp "$MACHINE/config.json" ${seen}; removed` },
      { archive, driverConfig: { accessToken: "new-token" } },
    );
    expect(JSON.parse(await readFile(seen, "utf8")).Driver.AccessToken).toBe("new-token");
    expect(secrets).toContain("new-token");
  });

  test("is deleted also if its options make no sense any more", async () => {
    const { result } = await runDelete(
      { rm: "removed" },
      { archive: await archiveOf(17), driverConfig: { gone: "x" } },
    );
    expect(result.transitioning).toBe("no");
  });
});

describe("a machine whose record never had the provider's id", () => {
  test("is not gone because docker-machine says so", async () => {
    const { result } = await runDelete({ rm: "removed" }, { archive: await archiveOf(0) });
    expect(result).toMatchObject({ transitioning: "error", code: outcomeUnknown });
    const directory = join(await temporaryDirectory(), "storage");
    await unpackArchive(result.machine.archive!, directory, "web-1-k3f9q2ab");
    expect(await readFile(join(directory, "machines/web-1-k3f9q2ab/config.json"), "utf8")).toContain('"DropletID":0');
  });

  test("is gone when a person found nothing", async () => {
    const { result } = await runDelete(
      { rm: "exit 1" },
      { archive: await archiveOf(0), resolved: { outcome: "nothing" } },
    );
    expect(result.transitioning).toBe("no");
  });

  test("is removed by the id that a person found", async () => {
    const { result } = await runDelete(
      { rm: 'grep -q \'"DropletID": 815\' "$MACHINE/config.json" && removed' },
      { archive: await archiveOf(0), resolved: { outcome: "providerId", providerId: "815" } },
    );
    expect(result.transitioning).toBe("no");
  });

  test("cannot take an id that its driver does not keep", async () => {
    const { result } = await runDelete(
      {},
      { archive: await archiveOf(0), resolved: { outcome: "providerId", providerId: "not-a-number" } },
    );
    expect(result).toMatchObject({ code: outcomeUnknown });
    expect(result.message).toContain('resolve with {"outcome":"nothing"}');
  });
});

describe("a machine without an archive", () => {
  test("was never made: it is deleted without a call, also if its driver never was", async () => {
    const { result, calls } = await runDelete({}, { driver: "nope" });
    expect(result).toMatchObject({ transitioning: "no", message: "web-1 was never made" });
    expect(calls).toEqual([]);
  });

  test("may have been made by a run that ended unclean: a person decides", async () => {
    const { result } = await runDelete({}, { unsettledMs: 0 });
    expect(result).toMatchObject({ transitioning: "error", code: outcomeUnknown });
    const resolved = await runDelete({}, { unsettledMs: 0, resolved: { outcome: "nothing" } });
    expect(resolved.result.transitioning).toBe("no");
  });
});

describe("a host that stays", () => {
  const config = "printf '%s\\n' --tlsverify -H=tcp://203.0.113.7:2376";

  test("loses its agent, then its record", async () => {
    const { result, calls } = await runDelete(
      { config, rm: "removed" },
      { driver: "generic", archive: await archiveOf(0, { driver: "generic" }) },
      { rm: 'echo "$3"' },
    );
    expect(result).toMatchObject({ transitioning: "no", machine: { archive: null } });
    expect(calls).toEqual([
      "docker-machine config web-1-k3f9q2ab",
      "docker rm -f machine-relay-agent",
      "docker-machine rm -y web-1-k3f9q2ab",
    ]);
  });

  test("that does not answer is forgotten all the same, with a note", async () => {
    const { result, log } = await runDelete(
      { config: "echo 'dial tcp: no route' >&2; exit 1", rm: "exit 1" },
      { driver: "generic", archive: await archiveOf(0, { driver: "generic" }), unsettledMs: 60_000 },
    );
    expect(result.transitioning).toBe("no");
    expect(log).toContainEqual({ stream: "note", line: expect.stringMatching(/^The agent may still run.*no route/) });
  });
});

test("an archive that cannot be used is an error that says so, and stays with the relay", async () => {
  const { result } = await runDelete({}, { archive: "bm9uZQ==" });
  expect(result).toMatchObject({ transitioning: "error", code: "archive.invalid", machine: {} });
});
