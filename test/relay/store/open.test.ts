// Opening and closing: the directory, its files, who has it, and what is in it.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../../relay/store/open.ts";
import { aMachine, aProcess, firstPage, nothing } from "./records.ts";
import { openTemporaryStore, temporaryDirectory } from "./temporary-store.ts";
import { startWriter, writerProgram } from "./writer.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("a directory is made with mode 700, and every file in it has 600, while open and after", async () => {
  await using parent = await temporaryDirectory();
  const directory = join(parent.path, "deep", "data");
  const store = await openStore({ directory });
  await store.createMachine(aMachine("mch_1"), nothing, null);
  expect(modeOf(directory)).toBe("700");
  const modes = () => Object.fromEntries(readdirSync(directory).map((name) => [name, modeOf(join(directory, name))]));
  expect(modes()).toStrictEqual({
    lock: "600",
    "lock-owner.json": "600",
    "relay.db": "600",
    "relay.db-shm": "600",
    "relay.db-wal": "600",
    "sealing.key": "600",
  });
  await store.close();
  expect(modes()).toStrictEqual({ lock: "600", "relay.db": "600", "sealing.key": "600" });
});

test("files that others could read are made private at the next start", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.close();
  chmodSync(join(temporary.directory, "relay.db"), 0o644);
  await temporary.reopen();
  expect(modeOf(join(temporary.directory, "relay.db"))).toBe("600");
});

test.each<[string, (parent: string) => string]>([
  ["a file", (parent) => makeFile(join(parent, "file"))],
  ["a path below a file", (parent) => join(makeFile(join(parent, "file")), "data")],
  ["a directory that takes no files", () => "/proc/self/fd"],
  ["a path where nothing can be made", () => "/proc/machine-relay"],
  ["one whose database is a directory", (parent) => makeDirectoryIn(parent, "relay.db")],
  ["one whose database is something else", (parent) => makeFileIn(parent, "relay.db")],
])("a bad data directory is refused with its setting, what was expected and what was got: %s", async (_what, make) => {
  await using parent = await temporaryDirectory();
  const directory = make(parent.path);
  const error = await openStore({ directory }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "store.failed", field: "DATA_DIR", expected: /^a directory that/ });
  expect(error).toHaveProperty("got", expect.stringContaining(directory));
});

function makeFile(path: string): string {
  writeFileSync(path, "this is not a database, and it is longer than the header of one would be ".repeat(10));
  return path;
}
function makeFileIn(directory: string, name: string): string {
  makeFile(join(directory, name));
  return directory;
}
function makeDirectoryIn(directory: string, name: string): string {
  mkdirSync(join(directory, name));
  return directory;
}

test("a second store on the same directory is refused and told who has it; the first goes on", async () => {
  await using temporary = await openTemporaryStore({ clock: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  await expect(openStore({ directory: temporary.directory })).rejects.toMatchObject({
    code: "store.locked",
    field: "DATA_DIR",
    got: `${temporary.directory}, in use by process ${process.pid} on host ${hostname()} since 2026-01-02T03:04:05.000Z`,
  });
  await temporary.store.createMachine(aMachine("mch_1"), nothing, null);
  // The refused one must not have taken the lock away by closing its own view of it: only another process would notice.
  const otherProcess = spawnSync(process.execPath, [writerProgram, temporary.directory, "0"], { encoding: "utf8" });
  expect(otherProcess.stderr).toContain("store.locked");
});

test("a store of another process is refused as long as that lives, and may be taken over when it was killed", async () => {
  await using directory = await temporaryDirectory();
  const writer = startWriter(directory.path);
  await writer.acknowledged(1);
  await expect(openStore({ directory: directory.path })).rejects.toMatchObject({
    code: "store.locked",
    message: expect.stringContaining(`process ${writer.pid} on host`),
  });
  await writer.kill();
  const store = await openStore({ directory: directory.path });
  await store.close();
});

test("secrets are in no file of the directory as plain text, and what is no secret is", async () => {
  const secret = "correct-horse-battery-staple";
  await using temporary = await openTemporaryStore();
  const { store, directory } = temporary;
  const driverConfig = { accessToken: secret, sshKey: { content: `key ${secret}` } };
  await store.createMachine(
    aMachine("mch_1", { name: "plain-name", driverConfig, engine: { environment: { API_KEY: secret } } }),
    { result: undefined, processes: [aProcess("prc_1", "mch_1")], archive: `archive ${secret}` },
    null,
  );
  await store.decide("mch_1", () => ({
    result: undefined,
    machine: { driverConfig: { ...driverConfig, size: "s-1" } },
    archive: `newer archive ${secret}`,
    stray: { archive: `stray ${secret}`, eventId: null, reason: "an old run" },
  }));
  // In a process of its own: to read and close the file here would drop the locks that SQLite holds on it.
  const filesWith = (text: string) => {
    const script = `grep -lraF -- "$0" . | sort; true`;
    return execFileSync("sh", ["-c", script, text], { cwd: directory, encoding: "utf8" }).trim().split("\n");
  };
  const secrets = [secret, Buffer.from(secret).toString("base64").slice(0, 30), Buffer.from(secret).toString("hex")];
  expect(filesWith("plain-name")).toStrictEqual(["./relay.db-wal"]);
  for (const text of secrets) expect(filesWith(text)).toStrictEqual([""]);
  await store.close();
  expect(filesWith("plain-name")).toStrictEqual(["./relay.db"]);
  for (const text of secrets) expect(filesWith(text)).toStrictEqual([""]);
});

test("an installation has one id for ever, and another installation another", async () => {
  await using one = await openTemporaryStore();
  await using other = await openTemporaryStore();
  const id = one.store.installationId;
  expect(id).toMatch(/^[0-9a-z]{16}$/);
  expect((await one.reopen()).installationId).toBe(id);
  expect(other.store.installationId).not.toBe(id);
});

test("closing commits what was asked for before it, and refuses what comes after", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const created = store.createMachine(aMachine("mch_1"), nothing, null);
  const closed = store.close();
  await expect(store.createMachine(aMachine("mch_2"), nothing, null)).rejects.toMatchObject({ code: "relay.stopping" });
  await created;
  await closed;
  const reopened = await temporary.reopen();
  expect((await reopened.listMachines({}, firstPage)).data.map(({ id }) => id)).toStrictEqual(["mch_1"]);
});

test("after closing every unit rejects, and closing again is no error", async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  await store.close();
  await store.close();
  const page = { limit: 1, cursor: null };
  const calls = [
    store.createMachine(aMachine("mch_1"), nothing, null),
    store.decide("mch_1", () => nothing),
    store.getMachine("mch_1"),
    store.listMachines({}, page),
    store.countMachinesByState(),
    store.getArchive("mch_1"),
    store.listStrays("mch_1"),
    store.getProcess("prc_1"),
    store.listProcesses({}, page),
    store.listOpenProcesses(),
    store.listCurrentProcesses([]),
    store.countProcessesByState(),
    store.findEvent("evt_1"),
    store.listHistory("mch_1", page),
    store.appendLog("mch_1", "prc_1", []),
    store.listLog("mch_1", { limit: 1, after: 0 }),
    store.listHandlers(),
    store.deleteHandler("create"),
    store.findAgentToken("hash"),
    store.findJoinToken("hash"),
    store.listSilentHosts(0),
    store.ping(),
  ];
  for (const { status, ...rest } of await Promise.allSettled(calls)) {
    expect({ status, ...rest }).toMatchObject({ status: "rejected", reason: { code: "relay.stopping" } });
  }
});

test("a ping writes, and fails when the database has been taken away", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.ping();
  rmSync(join(temporary.directory, "relay.db"));
  await expect(temporary.store.ping()).rejects.toMatchObject({ code: "store.failed" });
});
