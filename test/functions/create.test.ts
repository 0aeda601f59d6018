import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EventMachine, outcomeUnknown } from "../../functions/contract.ts";
import { buildCreate } from "../../functions/create.ts";
import { unpackArchive } from "../../functions/docker-machine/archive.ts";
import {
  type FakeTools,
  fakeDockerMachine,
  machineOf,
  type RunOptions,
  runWork,
  temporaryDirectory,
} from "./work-scene.ts";

const created = `
echo "Running pre-create checks..."
echo "Creating machine..."
save_record 0
echo "($NAME) Creating Digital Ocean droplet..."
save_record 4711
echo key > "$MACHINE/id_rsa"
echo "Docker is up and running!"`;
const answers = {
  config: `printf '%s\\n' --tlsverify '--tlscacert="/x/ca.pem"' -H=tcp://203.0.113.7:2376`,
  version: "echo 28.5.2",
};
const failing = (words: string) => `echo '${words}' >&2; exit 1`;
const eof =
  'Error creating machine: Error in driver during machine creation: Post "https://api.digitalocean.com/v2/droplets": EOF';

async function runCreate(fake: FakeTools, machine: Partial<EventMachine> = {}, options: Partial<RunOptions> = {}) {
  const run = await runWork(buildCreate(fake.tools), fake.tools, { machine: machineOf(machine), ...options });
  return { ...run, calls: (await fake.calls()).filter((call) => / (create|rm) /.test(call)) };
}

/** What an earlier run has left: its archive, with a record of this droplet. */
async function archiveOf(dropletId: number): Promise<string> {
  const fake = await fakeDockerMachine({ create: created.replace("4711", String(dropletId)), ...answers });
  const { result } = await runCreate(fake);
  return result.machine.archive!;
}

async function readRecord(archive: string): Promise<{ Driver: Record<string, unknown> }> {
  const directory = join(await temporaryDirectory(), "storage");
  await unpackArchive(archive, directory, "web-1-k3f9q2ab");
  return JSON.parse(await readFile(join(directory, "machines/web-1-k3f9q2ab/config.json"), "utf8"));
}

describe("a create that succeeds", () => {
  test("answers with the archive, the address and what the engine and the provider call it", async () => {
    const fake = await fakeDockerMachine({ create: created, ...answers });
    const { result } = await runCreate(fake, { driverConfig: { region: "nyc3", ipv6: true } });
    expect(result).toMatchObject({
      transitioning: "no",
      machine: {
        ipAddress: "203.0.113.7",
        engineVersion: "28.5.2",
        url: "tcp://203.0.113.7:2376",
        providerId: "4711",
        ssh: { user: "root", port: 22, keyFile: "machines/web-1-k3f9q2ab/id_rsa" },
        archive: expect.any(String),
      },
    });
    expect((await readRecord(result.machine.archive!)).Driver.DropletID).toBe(4711);
    expect(await fake.calls()).toContain(
      "docker-machine create -d oceanic --oceanic-ipv6 --oceanic-region nyc3 web-1-k3f9q2ab",
    );
  });

  test("shows its stages in order, and logs each line", async () => {
    const { progress, log } = await runCreate(await fakeDockerMachine({ create: created, ...answers }));
    expect(progress.map(({ message, percent }) => [message, percent])).toEqual([
      ["Contacting oceanic", 1],
      ["Running pre-create checks...", 5],
      ["Creating machine...", 10],
      ["Creating Digital Ocean droplet...", 20],
      ["Docker is up and running!", 97],
      ["Created", 100],
    ]);
    expect(log).toContainEqual({ stream: "stdout", line: "(web-1-k3f9q2ab) Creating Digital Ocean droplet..." });
  });

  test("has the secret in its environment, and in no argument, line or reply", async () => {
    const fake = await fakeDockerMachine({ create: created, ...answers });
    const run = await runCreate(fake, { driverConfig: { accessToken: "s3cret-token" } });
    expect(await fake.environmentOf("create")).toContain("DIGITALOCEAN_ACCESS_TOKEN=s3cret-token");
    expect(JSON.stringify([run.calls, run.log, run.progress])).not.toContain("s3cret-token");
  });

  test("has its file options below the storage directory, and in the archive", async () => {
    const fake = await fakeDockerMachine({
      create: `${created}\ncat "$5" > ${join("$STORE", "certs/seen")}`,
      ...answers,
    });
    const { result } = await runCreate(fake, {
      driver: "generic",
      driverConfig: { sshKey: { content: "-----END KEY-----" } },
    });
    const directory = join(await temporaryDirectory(), "storage");
    await unpackArchive(result.machine.archive!, directory, "web-1-k3f9q2ab");
    expect(await readFile(join(directory, "files/generic-ssh-key"), "utf8")).toBe("-----END KEY-----\n");
    expect(await readFile(join(directory, "certs/seen"), "utf8")).toBe("-----END KEY-----\n");
  });

  test("saves the record while it still runs, and the id as soon as it is there", async () => {
    const gate = join(await temporaryDirectory(), "gate");
    const waiting = `save_record 0\nuntil [ -e ${gate} ]; do sleep 0.02; done\nsave_record 4711`;
    const fake = await fakeDockerMachine({ create: waiting, ...answers });
    const { checkpoints, result } = await runCreate(fake, {}, { onCheckpoint: () => writeFile(gate, "") });
    expect(result.transitioning).toBe("no");
    expect((await readRecord(checkpoints[0]!)).Driver.DropletID).toBe(0);
    expect((await readRecord(checkpoints.at(-1)!)).Driver.DropletID).toBe(4711);
  });

  test("does not need the engine's version to succeed", async () => {
    const fake = await fakeDockerMachine({ create: created, config: "exit 1", version: "exit 1", url: "exit 1" });
    const { result } = await runCreate(fake);
    expect(result).toMatchObject({
      transitioning: "no",
      machine: { engineVersion: null, url: null, providerId: "4711" },
    });
  });
});

describe("a create that fails", () => {
  test("after the machine was made removes it, and says so in the driver's words", async () => {
    const create = `save_record 4711\n${failing("Error creating machine: Error running provisioning: no luck")}`;
    const { result, calls } = await runCreate(await fakeDockerMachine({ create, rm: "removed" }));
    expect(result).toEqual({
      transitioning: "error",
      code: "driver.failed",
      message: "Error running provisioning: no luck (what was made has been removed)",
      machine: { archive: null },
    });
    expect(calls.at(-1)).toBe("docker-machine rm -y web-1-k3f9q2ab");
  });

  test("says what it could not remove, and keeps what is needed to do it later", async () => {
    const create = `save_record 4711\n${failing("Error creating machine: no luck")}`;
    const rm = failing('Error removing host "web-1-k3f9q2ab": unexpected EOF');
    const { result } = await runCreate(await fakeDockerMachine({ create, rm }));
    expect(result).toMatchObject({
      transitioning: "error",
      code: "driver.failed",
      message: "no luck (what was made could not be removed: unexpected EOF)",
    });
    expect((await readRecord(result.machine.archive!)).Driver.DropletID).toBe(4711);
  });

  test.each([
    [
      "before anything was saved",
      failing("Error setting machine configuration from flags provided: no token"),
      "no token",
    ],
    [
      "at its checks",
      `mkdir -p "$STORE/certs"; echo x > "$STORE/certs/ca.pem"; echo 'Error with pre-create check: "no route"' >&2; exit 3`,
      "no route",
    ],
  ])("%s has nothing to remove", async (_, create, words) => {
    const { result, calls } = await runCreate(await fakeDockerMachine({ create }));
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed", machine: { archive: null } });
    expect(result.message).toMatch(new RegExp(`${words}$`));
    expect(calls).toHaveLength(1);
  });

  test("because the provider refused has nothing to remember", async () => {
    const create = `save_record 0\n${failing("Error creating machine: Error in driver during machine creation: POST https://api.digitalocean.com/v2/droplets: 422 bad image")}`;
    const fake = await fakeDockerMachine({ create, rm: failing("unexpected EOF") });
    const { result } = await runCreate(fake, { driver: "digitalocean" });
    expect(result).toMatchObject({
      code: "driver.failed",
      message: "POST https://api.digitalocean.com/v2/droplets: 422 bad image",
      machine: { archive: null },
    });
  });

  test("because EC2 refused is remembered where EC2 cannot be asked whether it has made one before", async () => {
    const words = "Error launching instance: InstanceLimitExceeded: You have 1\n\tstatus code: 400, request id: x";
    const create = `save_record 0\n${failing(`Error creating machine: Error in driver during machine creation: ${words}`)}`;
    const { result } = await runCreate(await fakeDockerMachine({ create, rm: "removed" }), {
      driver: "amazonec2",
      // Nobody is there.
      driverConfig: { accessKey: "A", secretKey: "S", endpoint: "http://127.0.0.1:1", ami: "ami-1" },
    });
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed" });
    expect(result.message).toMatch(/InstanceLimitExceeded.*could not be removed: EC2 could not be asked/s);
    expect(result.machine.archive).not.toBeNull();
  });

  test("after the answer was lost does not believe `rm`: the record never had an id", async () => {
    const create = `save_record 0\n${failing(eof)}`;
    const { result, calls } = await runCreate(await fakeDockerMachine({ create, rm: "removed" }), {
      driverConfig: { region: "nyc3" },
    });
    expect(result).toMatchObject({ transitioning: "error", code: outcomeUnknown });
    expect(result.message).toContain("EOF");
    expect(result.message).toContain("(driver oceanic, region nyc3) for web-1-k3f9q2ab");
    expect(result.message).toContain("POST /v1/machines/mch_01/resolve");
    expect(calls).toHaveLength(2);
    // As it was before `rm` forgot it: an id that a person finds needs a place to go.
    expect((await readRecord(result.machine.archive!)).Driver.DropletID).toBe(0);
  });

  test("by its time ends docker-machine, removes what was made, and says that it took too long", async () => {
    const create = "save_record 4711\nsleep 60";
    const { result } = await runCreate(await fakeDockerMachine({ create, rm: "removed" }), {}, { deadlineMs: 1500 });
    expect(result).toMatchObject({ code: "driver.timeout", machine: { archive: null } });
    expect(result.message).toMatch(/took too long and was stopped.*\(what was made has been removed\)$/);
  });

  test("by a signal, between the two steps of a save, still has its record", async () => {
    const create = 'save_record 0\nsave_record 4711\nmv "$MACHINE/config.json" "$MACHINE/config.json.tmp9"\nkill -9 $$';
    const rm = 'grep -q 4711 "$MACHINE/config.json" && removed';
    const { result } = await runCreate(await fakeDockerMachine({ create, rm }));
    expect(result.message).toBe("It was ended by SIGKILL, without a word (what was made has been removed)");
  });

  test("without a record is no success", async () => {
    const { result } = await runCreate(await fakeDockerMachine({ create: "echo done" }));
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed" });
    expect(result.message).toContain("It left no record of the machine");
  });

  test("on a host that was there before leaves nothing behind", async () => {
    const create = `save_record 0\n${failing("Error creating machine: Error detecting OS: wrong key")}`;
    const { result, calls } = await runCreate(await fakeDockerMachine({ create }), { driver: "generic" });
    expect(result).toMatchObject({
      code: "driver.failed",
      message: "Error detecting OS: wrong key",
      machine: { archive: null },
    });
    expect(calls).toHaveLength(1);
  });
});

describe("a create that another one got in the way of", () => {
  const collision =
    'Error creating machine: Error in driver during machine creation: InvalidGroup.Duplicate: The security group "docker-machine" already exists';
  /** A key pair that others use too has no census, so nothing here needs an EC2. */
  const machine = {
    driver: "amazonec2",
    driverConfig: {
      ...{ accessKey: "AKIA", secretKey: "s3cret-s3cret", ami: "ami-1", vpcId: "vpc-1" },
      ...{ keypairName: "shared", sshKeypath: { content: "key" } },
    },
  };
  const collides = `save_record 0\n${failing(collision)}`;

  test("begins anew, once what it made is removed", async () => {
    const create = `if [ ! -e "$STORE/../tried" ]; then touch "$STORE/../tried"; ${collides}; fi\n${created}`;
    const { result, calls } = await runCreate(await fakeDockerMachine({ create, rm: "removed", ...answers }), machine);
    expect(result).toMatchObject({ transitioning: "no" });
    expect(calls.map((call) => call.split(" ")[1])).toEqual(["create", "rm", "create"]);
  });

  test("is given up when that goes on and on", async () => {
    const { result, calls } = await runCreate(await fakeDockerMachine({ create: collides, rm: "removed" }), machine);
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed", machine: { archive: null } });
    expect(result.message).toContain("InvalidGroup.Duplicate");
    expect(calls.filter((call) => / create /.test(call))).toHaveLength(5);
  });
});

test("an abort ends it at once: nothing is removed, what is there is saved, and no further call is made", async () => {
  const stop = new AbortController();
  const fake = await fakeDockerMachine({ create: "save_record 4711\nsleep 60", rm: "removed" });
  const said = { progress: [], log: [], checkpoints: [] as string[], secrets: [] };
  const run = runCreate(
    fake,
    {},
    { signal: stop.signal, said, onCheckpoint: () => stop.abort(new Error("lease over")) },
  );
  await expect(run).rejects.toThrow("lease over");
  expect(await fake.calls()).toEqual(["docker-machine create -d oceanic web-1-k3f9q2ab"]);
  expect((await readRecord(said.checkpoints.at(-1)!)).Driver.DropletID).toBe(4711);
});

describe("a docker-machine that prints what nobody expects", () => {
  test.each([
    ["megabytes", "head -c 5000000 /dev/zero | tr '\\0' x | fold -w 5000"],
    ["no newline", "printf 'no newline at all'"],
    ["invalid UTF-8", "printf '\\377\\376 oops\\n'"],
    ["the fork's structures", `i=0; while [ $i -lt 200 ]; do echo "($NAME)   FromPort: 22,"; i=$((i+1)); done`],
  ])("%s: the machine is created all the same", async (_, noise) => {
    const fake = await fakeDockerMachine({ create: `${noise}\n${noise} >&2\n${created}`, ...answers });
    const { result, progress } = await runCreate(fake);
    expect(result.transitioning).toBe("no");
    expect(progress.slice(-2).map(({ percent }) => percent)).toEqual([97, 100]);
    expect(progress.length).toBeLessThanOrEqual(6);
  });
});

describe("what earlier runs have left is settled first", () => {
  const again = {
    create: created,
    rm: 'cat "$MACHINE/config.json" >> "$STORE/../../removed-records"; removed',
    ...answers,
  };

  test("a recorded machine is removed, then a new one is made", async () => {
    const { calls, result, checkpoints } = await runCreate(await fakeDockerMachine(again), {
      archive: await archiveOf(17),
    });
    expect(calls.map((call) => call.split(" ")[1])).toEqual(["rm", "create"]);
    expect(result.transitioning).toBe("no");
    // First a checkpoint without the machine that is gone.
    await expect(readRecord(checkpoints[0]!)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("one that cannot be removed stops the create", async () => {
    const fake = await fakeDockerMachine({ ...again, rm: failing('Error removing host "x": 503') });
    const { calls, result } = await runCreate(fake, { archive: await archiveOf(17) });
    expect(calls).toHaveLength(1);
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed" });
    expect(result.message).toContain("could not be removed: 503");
  });

  test("one whose id nobody knows waits for a person", async () => {
    const { calls, result } = await runCreate(await fakeDockerMachine(again), {
      archive: await archiveOf(0),
      unsettledMs: 0,
    });
    expect(result).toMatchObject({ transitioning: "error", code: outcomeUnknown });
    expect(calls.filter((call) => call.includes(" create "))).toEqual([]);
  });

  test("an unclean end without any record waits for a person too", async () => {
    const { calls, result } = await runCreate(await fakeDockerMachine(again), { unsettledMs: 0 });
    expect(result).toMatchObject({ code: outcomeUnknown, machine: { archive: null } });
    expect(calls).toEqual([]);
  });

  test("a person who found nothing lets it go on", async () => {
    const resolved = { outcome: "nothing" } as const;
    const { result } = await runCreate(await fakeDockerMachine(again), {
      archive: await archiveOf(0),
      unsettledMs: 0,
      resolved,
    });
    expect(result.transitioning).toBe("no");
  });

  test("the id that a person found is removed by the record", async () => {
    const seen = join(await temporaryDirectory(), "seen");
    const fake = await fakeDockerMachine({ ...again, rm: `cp "$MACHINE/config.json" ${seen}; removed` });
    const resolved = { outcome: "providerId", providerId: "815" } as const;
    const { result } = await runCreate(fake, { archive: await archiveOf(0), unsettledMs: 0, resolved });
    expect(result.transitioning).toBe("no");
    expect(JSON.parse(await readFile(seen, "utf8")).Driver.DropletID).toBe(815);
  });

  test("a host that was there before is simply tried again", async () => {
    const fake = await fakeDockerMachine({ create: created, ...answers });
    const first = await runCreate(fake, { driver: "generic" });
    const second = await runCreate(fake, {
      driver: "generic",
      archive: first.result.machine.archive!,
      unsettledMs: 5000,
    });
    expect(second.result.transitioning).toBe("no");
    expect(second.calls.filter((call) => call.includes(" rm "))).toEqual([]);
  });

  test("an archive that is none is a clear error, and nothing is run", async () => {
    const { result, calls } = await runCreate(await fakeDockerMachine(again), { archive: "bm9uZQ==" });
    expect(result).toMatchObject({ transitioning: "error", code: "archive.invalid" });
    expect(calls).toEqual([]);
  });

  test("docker-machine starts with the certificates of before, at their new place", async () => {
    const fake = await fakeDockerMachine({
      ...again,
      create: `[ -e "$STORE/certs/ca.pem" ] && [ ! -e "$MACHINE" ] || exit 9\n${created}`,
    });
    const { result } = await runCreate(fake, { archive: await archiveOf(17) });
    expect(result.transitioning).toBe("no");
  });
});

describe("wrong input is refused before anything runs", () => {
  const check = async (machine: Partial<EventMachine>) => {
    const fake = await fakeDockerMachine({});
    const refused = runCreate(fake, machine).then(
      () => null,
      (error: { details: unknown }) => error.details,
    );
    const details = await refused;
    expect(await fake.calls()).toEqual([]);
    return details;
  };

  test.each<[string, Partial<EventMachine>, object]>([
    ["a name", { name: "bad name!" }, { status: 422, code: "machine.nameInvalid", got: "bad name!" }],
    ["docker-machine's name", { machineName: "-x" }, { status: 422, code: "machine.nameInvalid" }],
    ["a driver", { driver: "digitalocaen" }, { status: 422, code: "driver.notFound" }],
    ["an option", { driverConfig: { regoin: "x" } }, { status: 422, code: "option.unknown" }],
    ["a path", { driver: "generic", driverConfig: { sshKey: "/etc/shadow" } }, { status: 422, code: "option.invalid" }],
  ])("%s", async (_, machine, expected) => {
    expect(await check(machine)).toMatchObject(expected);
  });
});

test("no report of a failure leaves for the company that once collected them", async () => {
  const create = `[ -e "$STORE/no-error-report" ] || exit 9\n${created}`;
  const { result } = await runCreate(await fakeDockerMachine({ create, ...answers }));
  expect(result.transitioning).toBe("no");
});

test("a docker-machine that is gone when the work begins is said to be", async () => {
  const fake = await fakeDockerMachine({});
  const work = buildCreate(fake.tools);
  const withoutCheck = { ...work, check: () => rm(join(fake.directory, "bin"), { recursive: true }) };
  const { result } = await runWork(withoutCheck, fake.tools, { machine: machineOf({ driver: "openstack" }) });
  expect(result).toMatchObject({ transitioning: "error", code: "driver.unavailable" });
});
