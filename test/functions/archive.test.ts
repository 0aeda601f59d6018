import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { describe, expect, test } from "vitest";
import {
  type ArchiveManifest,
  packArchive,
  requireProgramFor,
  unpackArchive,
} from "../../functions/docker-machine/archive.ts";
import { readStoredFiles } from "../../functions/docker-machine/stored-files.ts";
import { temporaryDirectory } from "./work-scene.ts";

const manifest: ArchiveManifest = {
  format: 1,
  program: "docker-machine",
  version: "0.16.2",
  storePath: "/old/storage",
  machineName: "web-1",
  driver: "generic",
};
const manifestEntry = file("machine-relay.json", JSON.stringify(manifest));

function file(name: string, body: string | Uint8Array, header: Partial<TarEntry["header"]> = {}): TarEntry {
  return { header: { name, size: Buffer.byteLength(body), type: "file", ...header }, body };
}

async function packEntries(entries: TarEntry[]): Promise<string> {
  return gzipSync(await packTar(entries)).toString("base64");
}

async function unpack(archive: string): Promise<string> {
  const directory = join(await temporaryDirectory(), "storage");
  await unpackArchive(archive, directory, "web-1");
  return directory;
}

test("what is packed comes back, readable by its owner only, with its paths led to the new place", async () => {
  const source = await temporaryDirectory();
  await mkdir(join(source, "machines/web-1"), { recursive: true });
  await mkdir(join(source, "certs"));
  await mkdir(join(source, "files"));
  await mkdir(join(source, "cache"));
  await mkdir(join(source, "machines/other"));
  const record = JSON.stringify({ Driver: { StorePath: source, SSHKeyPath: `${source}/machines/web-1/id_rsa` } });
  const long = `${"k".repeat(180)}.pem`;
  await writeFile(join(source, "machines/web-1/config.json"), record);
  await writeFile(join(source, "machines/web-1", long), Buffer.from([0, 255, 10]));
  await writeFile(join(source, "certs/ca.pem"), "");
  await writeFile(join(source, "files/generic-ssh-key"), "KEY", { mode: 0o644 });
  await writeFile(join(source, "cache/image.iso"), "not of this machine");
  await writeFile(join(source, "machines/other/config.json"), "not of this machine");
  await symlink("/etc/passwd", join(source, "machines/web-1/link"));

  const archive = await packArchive(await readStoredFiles(source, "web-1"), { ...manifest, storePath: source });
  const target = await unpack(archive);

  const found = (await readdir(target, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(found.map(({ name }) => name).sort()).toEqual(["ca.pem", "config.json", "generic-ssh-key", long].sort());
  expect(await readFile(join(target, "machines/web-1", long))).toEqual(Buffer.from([0, 255, 10]));
  expect(JSON.parse(await readFile(join(target, "machines/web-1/config.json"), "utf8"))).toEqual({
    Driver: { StorePath: target, SSHKeyPath: `${target}/machines/web-1/id_rsa` },
  });
  expect((await stat(join(target, "files/generic-ssh-key"))).mode & 0o777).toBe(0o600);
  expect((await stat(join(target, "machines/web-1"))).mode & 0o777).toBe(0o700);
});

test("the same files make the same bytes", async () => {
  const files = [{ path: "certs/ca.pem", content: Buffer.from("x"), mtime: new Date(5000) }];
  expect(await packArchive(files, manifest)).toBe(await packArchive(files, manifest));
});

describe("an archive that could reach outside, or is none, is refused", () => {
  const record = file("machines/web-1/config.json", "{}");
  test.each<[string, TarEntry[], RegExp]>([
    ["an absolute path", [file("/etc/cron.d/x", "x")], /absolute path/],
    ["a way up", [file("machines/web-1/../../../x", "x")], /leads out of it/],
    [
      "a way up in a directory",
      [{ header: { name: "certs/../../x/", size: 0, type: "directory" } }],
      /leads out of it/,
    ],
    ["a backslash", [file("certs\\..\\..\\x", "x")], /characters that no path/],
    [
      "a link",
      [{ header: { name: "certs/ca.pem", size: 0, type: "symlink", linkname: "/etc/shadow" } }],
      /is a symlink/,
    ],
    ["a link inside", [{ header: { name: "certs/b", size: 0, type: "symlink", linkname: "a" } }], /is a symlink/],
    [
      "a hard link",
      [{ header: { name: "certs/ca.pem", size: 0, type: "link", linkname: "/etc/shadow" } }],
      /is a link/,
    ],
    ["a device", [{ header: { name: "certs/null", size: 0, type: "character-device" } }], /is a character-device/],
    ["a fifo", [{ header: { name: "certs/pipe", size: 0, type: "fifo" } }], /is a fifo/],
    ["a name twice", [record, record], /twice/],
    ["a record that is none", [file("machines/web-1/config.json", '{"Driver": "\\x"}')], /config.json is no JSON/],
    ["a file where a directory is", [file("certs/a", "x"), file("certs/a/b", "x")], /cannot be written beside/],
    [
      "too many entries",
      Array.from({ length: 2001 }, (_, index) => file(`certs/${index}`, "")),
      /more than 2000 entries/,
    ],
  ])("%s", async (_, entries, reason) => {
    const archive = await packEntries([manifestEntry, ...entries]);
    await expect(unpack(archive)).rejects.toMatchObject({
      code: "archive.invalid",
      message: expect.stringMatching(reason),
    });
  });

  test.each<[string, string, RegExp]>([
    ["no base64", "<html>", /not base64/],
    ["nothing", "", /not base64/],
    ["no gzip", Buffer.from("hello, world").toString("base64"), /not compressed/],
    ["no tar", gzipSync("x".repeat(2048)).toString("base64"), /no tar file/],
    ["half a gzip", gzipSync(Buffer.alloc(4096, 1)).subarray(0, 20).toString("base64"), /not compressed/],
  ])("%s", async (_, archive, reason) => {
    await expect(unpack(archive)).rejects.toMatchObject({
      code: "archive.invalid",
      message: expect.stringMatching(reason),
    });
  });

  test("half a tar", async () => {
    const tar = await packTar([manifestEntry, file("certs/ca.pem", "x".repeat(3000))]);
    const archive = gzipSync(tar.subarray(0, 2500)).toString("base64");
    await expect(unpack(archive)).rejects.toMatchObject({ code: "archive.invalid" });
  });

  test("a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString("base64");
    await expect(unpack(bomb)).rejects.toMatchObject({ code: "archive.tooLarge" });
  });

  test("more than may be sent", async () => {
    const archive = Buffer.alloc(4 * 1024 * 1024 + 1).toString("base64");
    await expect(unpack(archive)).rejects.toMatchObject({ code: "archive.tooLarge" });
  });

  test("no word of who wrote it", async () => {
    const archive = await packEntries([record]);
    await expect(unpack(archive)).rejects.toMatchObject({ message: expect.stringContaining("no machine-relay.json") });
  });

  test("Rancher's old form, which is called by its name", async () => {
    const archive = await packEntries([file("web-1/config.json", "{}"), file("web-1/ca.pem", "x")]);
    await expect(unpack(archive)).rejects.toMatchObject({
      message: expect.stringContaining("Rancher's extractedConfig"),
    });
  });

  test("another machine's", async () => {
    const archive = await packEntries([
      file("machine-relay.json", JSON.stringify({ ...manifest, machineName: "db-1" })),
    ]);
    await expect(unpack(archive)).rejects.toMatchObject({ message: expect.stringContaining("db-1") });
  });
});

test("what leads out is written nowhere, not even the harmless part before it", async () => {
  const directory = join(await temporaryDirectory(), "storage");
  const archive = await packEntries([manifestEntry, file("certs/ca.pem", "x"), file("../escaped", "x")]);
  await expect(unpackArchive(archive, directory, "web-1")).rejects.toThrow();
  await expect(readdir(directory)).rejects.toMatchObject({ code: "ENOENT" });
});

test("too much is not packed", async () => {
  const files = [{ path: "certs/noise", content: Buffer.alloc(33 * 1024 * 1024), mtime: new Date(0) }];
  await expect(packArchive(files, manifest)).rejects.toMatchObject({ code: "archive.tooLarge" });
});

describe("who may go on with a machine", () => {
  const programs = (text: string) => {
    const [name, version] = text.split(" ") as [string, string];
    return { name, version };
  };
  test.each([
    ["docker-machine 0.16.2", "docker-machine 0.16.2"],
    ["docker-machine 0.16.1", "docker-machine 0.16.2"],
    ["docker-machine 0.9.9", "docker-machine 0.16.0"],
    ["docker-machine 0.16.2", "rancher-machine dev"],
    ["docker-machine 0.16.2", "rancher-machine 0.15.0"],
    ["rancher-machine dev", "rancher-machine 0.15.0"],
  ])("made with %s: %s may", (old, now) => {
    const { name: program, version } = programs(old);
    expect(() => requireProgramFor({ ...manifest, program, version }, programs(now))).not.toThrow();
  });

  test.each([
    ["docker-machine 0.16.2", "docker-machine 0.16.1"],
    ["rancher-machine dev", "docker-machine 0.16.2"],
    ["docker-machine 0.16.2", "simulated-machine 1.0.0"],
  ])("made with %s: %s may not, and hears what is needed", (old, now) => {
    const { name: program, version } = programs(old);
    expect(() => requireProgramFor({ ...manifest, program, version }, programs(now))).toThrow(
      expect.objectContaining({
        code: "archive.otherProgram",
        message: expect.stringContaining(`Install ${old} or newer`),
      }),
    );
  });
});
