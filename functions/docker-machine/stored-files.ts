// Reads docker-machine's storage directory while docker-machine may be writing to it.
import { lstat, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { archiveBytesMax } from "../contract.ts";
import { driverFieldsOf } from "./record.ts";

export interface StoredFile {
  /** Below the storage directory, with slashes. */
  path: string;
  content: Buffer;
  mtime: Date;
}

const depthMax = 8;
/** A larger one is a disk or an image, and nothing that a later run needs to have. */
const fileBytesMax = 2 * archiveBytesMax;

export const recordName = "config.json";
const temporaryRecord = /^config\.json\.tmp/;

/** Every regular file of this machine, in the order of the paths; what vanishes meanwhile is not there. */
export async function readStoredFiles(directory: string, machineName: string): Promise<StoredFile[]> {
  const roots = ["certs", "files", join("machines", machineName)];
  const files = (await Promise.all(roots.map((root) => readTree(directory, root, 0)))).flat();
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function readTree(directory: string, path: string, depth: number): Promise<StoredFile[]> {
  if (depth > depthMax) return [];
  const entries = await orNull(readdir(join(directory, path), { withFileTypes: true }));
  const found = (entries ?? []).map(async (entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return readTree(directory, inner, depth + 1);
    // Links and sockets are nobody's business: they mean something on this machine only.
    return entry.isFile() ? readOne(directory, inner) : [];
  });
  return (await Promise.all(found)).flat();
}

async function readOne(directory: string, path: string): Promise<StoredFile[]> {
  const status = await orNull(lstat(join(directory, path)));
  if (!status?.isFile() || status.size > fileBytesMax) return [];
  const content = await orNull(readFile(join(directory, path)));
  return content === null ? [] : [{ path, content, mtime: new Date(Math.floor(status.mtimeMs / 1000) * 1000) }];
}

async function orNull<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

export interface SettledFiles {
  files: StoredFile[];
  /** The record's text; null: there is none that can be read. */
  record: string | null;
}

/**
 * docker-machine writes its record to `config.json.tmp*`, removes config.json, and renames: so a whole temporary one is
 * always the newer. It takes the record's place, and no temporary one stays.
 */
export function settleRecord(files: readonly StoredFile[], machineName: string): SettledFiles {
  const directory = `machines/${machineName}/`;
  const isTemporary = (file: StoredFile) =>
    file.path.startsWith(directory) && temporaryRecord.test(file.path.slice(directory.length));
  const whole = files
    .filter((file) => isTemporary(file) && isRecord(file))
    .sort((one, other) => other.mtime.getTime() - one.mtime.getTime())[0];
  const path = `${directory}${recordName}`;
  const rest = files.filter((file) => !isTemporary(file) && !(whole !== undefined && file.path === path));
  const settled = whole === undefined ? rest : [...rest, { ...whole, path }];
  const record = settled.find((file) => file.path === path && isRecord(file));
  return {
    files: settled.sort((one, other) => (one.path < other.path ? -1 : 1)),
    record: record?.content.toString("utf8") ?? null,
  };
}

const isRecord = (file: StoredFile): boolean => driverFieldsOf(file.content.toString("utf8")) !== null;

/** The same on the disk, once docker-machine has been killed: it would not find a machine without its config.json. */
export async function repairRecord(directory: string, machineName: string): Promise<void> {
  const machineDirectory = join(directory, "machines", machineName);
  const entries = (await orNull(readdir(machineDirectory))) ?? [];
  const temporary: { path: string; mtimeMs: number }[] = [];
  for (const entry of entries.filter((name) => temporaryRecord.test(name))) {
    const path = join(machineDirectory, entry);
    const content = await readFile(path, "utf8");
    if (driverFieldsOf(content) === null) await rm(path);
    else temporary.push({ path, mtimeMs: (await lstat(path)).mtimeMs });
  }
  const [newest, ...older] = temporary.sort((one, other) => other.mtimeMs - one.mtimeMs);
  if (newest !== undefined) await rename(newest.path, join(machineDirectory, recordName));
  for (const { path } of older) await rm(path);
}
