// A machine's archive: docker-machine's storage directory for one machine as tar.gz in base64, and back, safely.
// What comes in was written by somebody else: nothing of it may reach outside of the directory that it is unpacked to.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { packTar, type TarEntry, unpackTar } from "modern-tar";
import Type from "typebox";
import { Value } from "typebox/value";
import { archiveBytesMax } from "../contract.ts";
import { rewritePaths } from "./record.ts";
import type { StoredFile } from "./stored-files.ts";

/** Unpacked; docker-machine's files for one machine are some 12 KB. */
const unpackedBytesMax = 32 * 1024 * 1024;
const entriesMax = 2_000;
const nameCharactersMax = 500;

const manifestName = "machine-relay.json";

/** What wrote the archive, and where. */
export const ArchiveManifest = Type.Object({
  format: Type.Literal(1),
  /** What docker-machine called itself. */
  program: Type.String({ minLength: 1, maxLength: 100 }),
  version: Type.String({ minLength: 1, maxLength: 100 }),
  /** docker-machine's storage directory: the prefix of every path in config.json. */
  storePath: Type.String({ minLength: 1, maxLength: 4096 }),
  machineName: Type.String({ minLength: 1, maxLength: 100 }),
  driver: Type.String({ minLength: 1, maxLength: 100 }),
});
export type ArchiveManifest = Type.Static<typeof ArchiveManifest>;

export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  readonly code: "archive.invalid" | "archive.tooLarge" | "archive.otherProgram";

  constructor(code: ArchiveError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Two archives of the same files by the same program are the same bytes, wherever and whenever they were packed.
 * @throws ArchiveError `archive.tooLarge`
 */
export async function packArchive(files: readonly StoredFile[], manifest: ArchiveManifest): Promise<string> {
  const size = files.reduce((sum, file) => sum + file.content.length, 0);
  if (size > unpackedBytesMax) throw tooLarge(`${size} bytes`, unpackedBytesMax);
  const entries: TarEntry[] = [
    toEntry({ path: manifestName, content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), mtime: new Date(0) }),
    ...files.map(toEntry),
  ];
  const compressed = await promisify(gzip)(await packTar(entries));
  if (compressed.length > archiveBytesMax) throw tooLarge(`${compressed.length} bytes compressed`, archiveBytesMax);
  return compressed.toString("base64");
}

function toEntry({ path, content, mtime }: StoredFile): TarEntry {
  return { header: { name: path, size: content.length, mode: 0o600, mtime, type: "file" }, body: content };
}

const tooLarge = (got: string, bytesMax: number): ArchiveError =>
  new ArchiveError("archive.tooLarge", `The machine's archive is too large: at most ${bytesMax} bytes, got ${got}`);

/**
 * Unpacks an archive of this machine into an empty directory. In config.json every path below the directory that the
 * archive came from leads to this one now.
 *
 * @throws ArchiveError `archive.invalid`: damaged, of another machine, or with something in it that may not be there
 */
export async function unpackArchive(
  archive: string,
  directory: string,
  machineName: string,
): Promise<{ manifest: ArchiveManifest }> {
  const files = await readEntries(await decompress(archive));
  const manifest = readManifest(files, machineName);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const recordPath = `machines/${machineName}/config.json`;
  for (const [path, content] of files) {
    if (!belongs(path, machineName)) continue;
    const isRecord = path === recordPath;
    const written = isRecord ? moveRecord(content, manifest.storePath, directory) : content;
    await writeNew(join(directory, path), written).catch((cause: NodeJS.ErrnoException) => {
      if (!namesClash.has(cause.code ?? "")) throw cause;
      throw invalid(`${quote(path)} cannot be written beside the others`, cause);
    });
  }
  return { manifest };
}

function moveRecord(content: Uint8Array, from: string, to: string): string {
  try {
    return rewritePaths(Buffer.from(content).toString("utf8"), from, to);
  } catch (cause) {
    throw invalid("its config.json is no JSON", cause);
  }
}

/** The archive's fault; a full disk, say, is ours. */
const namesClash = new Set(["EEXIST", "ENOTDIR", "EISDIR", "ENAMETOOLONG"]);

async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // wx: never through something that is there already.
  await writeFile(path, content, { mode: 0o600, flag: "wx" });
}

/** docker-machine keeps more (a cache of images), and a storage directory may hold other machines. */
export const belongs = (path: string, machineName: string): boolean =>
  path.startsWith("certs/") || path.startsWith("files/") || path.startsWith(`machines/${machineName}/`);

async function decompress(archive: string): Promise<Buffer> {
  const text = archive.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw invalid("it is not base64");
  const compressed = Buffer.from(text, "base64");
  if (compressed.length > archiveBytesMax) throw tooLarge(`${compressed.length} bytes compressed`, archiveBytesMax);
  try {
    return await promisify(gunzip)(compressed, { maxOutputLength: unpackedBytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge("more when unpacked", unpackedBytesMax);
    }
    throw invalid("it is not compressed with gzip, or damaged", cause);
  }
}

async function readEntries(tar: Buffer): Promise<Map<string, Uint8Array>> {
  let count = 0;
  const entries = await unpackTar(tar, {
    strict: true,
    filter: () => {
      count += 1;
      if (count > entriesMax) throw invalid(`it has more than ${entriesMax} entries`);
      return true;
    },
  }).catch((cause: Error) => {
    throw cause instanceof ArchiveError ? cause : invalid("it is no tar file, or damaged", cause);
  });
  const files = new Map<string, Uint8Array>();
  for (const { header, data } of entries) {
    const path = safePath(header.name);
    if (header.type === "directory") continue;
    if (header.type !== "file") throw invalid(`${quote(header.name)} is a ${header.type}; only files may be in it`);
    if (files.has(path)) throw invalid(`${quote(path)} is in it twice`);
    files.set(path, data ?? new Uint8Array());
  }
  return files;
}

/** @throws ArchiveError when it could lead out of the directory */
function safePath(name: string): string {
  const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  if (name.length > nameCharactersMax)
    throw invalid(`the name of an entry has more than ${nameCharactersMax} characters`);
  if (name.startsWith("/")) throw invalid(`${quote(name)} is an absolute path`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a zero byte would end the path early
  if (/[\\\u0000-\u001f]/.test(name)) throw invalid(`${quote(name)} has characters that no path of ours has`);
  if (path !== "" && path !== "." && path.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw invalid(`${quote(name)} leads out of it`);
  }
  return path;
}

function readManifest(files: ReadonlyMap<string, Uint8Array>, machineName: string): ArchiveManifest {
  const content = files.get(manifestName);
  if (content === undefined) {
    // Rancher's service packed `<name>/<file>` and no certificates of its own.
    const isRanchers = [...files.keys()].some((path) => /^[^/]+\/config\.json$/.test(path));
    throw invalid(isRanchers ? "it has the form of Rancher's extractedConfig" : `it has no ${manifestName}`);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(Buffer.from(content).toString("utf8"));
  } catch (cause) {
    throw invalid(`its ${manifestName} is no JSON`, cause);
  }
  if (!Value.Check(ArchiveManifest, manifest)) throw invalid(`its ${manifestName} is not what we write`);
  if (manifest.machineName !== machineName) {
    throw invalid(`it belongs to the machine ${quote(manifest.machineName)}, not to ${quote(machineName)}`);
  }
  return manifest;
}

function invalid(reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError("archive.invalid", `The machine's archive cannot be used: ${reason}`, { cause });
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 200));

/**
 * May this program go on with what that one left? The same or a newer version may, and rancher-machine after
 * docker-machine, of which it is a fork. Versions without numbers (`dev`) are taken at their word.
 *
 * @throws ArchiveError `archive.otherProgram`
 */
export function requireProgramFor(manifest: ArchiveManifest, program: { name: string; version: string }): void {
  const isSame = program.name === manifest.program;
  const isFork = manifest.program === "docker-machine" && program.name === "rancher-machine";
  if (isFork || (isSame && !isOlder(program.version, manifest.version))) return;
  throw new ArchiveError(
    "archive.otherProgram",
    `The machine was made with ${manifest.program} ${manifest.version}; ${program.name} ${program.version} cannot go on with it. ` +
      `Install ${manifest.program} ${manifest.version} or newer${manifest.program === "docker-machine" ? ", or rancher-machine" : ""}.`,
  );
}

function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) =>
    /^(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(text)
      ?.slice(1)
      .map((part) => Number(part ?? 0)),
  );
  if (!one || !other) return false;
  const difference = one.map((part, index) => part - other[index]!).find((part) => part !== 0) ?? 0;
  return difference < 0;
}
