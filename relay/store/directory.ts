// Makes the data directory and its files private, and durable in the directory itself. Knows nothing of SQLite.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RelayError } from "../errors.ts";

const directoryMode = 0o700;
export const privateFileMode = 0o600;

/** @throws RelayError `store.failed` (field `DATA_DIR`) when it is not, and cannot be made, a directory. */
export function makeDirectory(directory: string): void {
  try {
    makeWithParents(resolve(directory));
    if (!statSync(directory).isDirectory()) throw new Error("not a directory");
  } catch (cause) {
    throw badDirectory(directory, cause);
  }
}

// Not mkdir's own `recursive`: where a file system answers ENOENT for ever (`/proc`), Node would try for ever.
function makeWithParents(directory: string): void {
  const parent = dirname(directory);
  if (parent !== directory && !existsSync(parent)) makeWithParents(parent);
  try {
    mkdirSync(directory, { mode: directoryMode });
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  }
}

/** Makes an empty 0600 file if there is none, so that SQLite never makes one that others can read; tightens an old one. */
export function makePrivateFile(path: string): void {
  try {
    // Exclusive: an existing file is never opened here. Closing it would drop the locks that SQLite holds on it in this process.
    closeSync(openSync(path, "wx", privateFileMode));
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    chmodSync(path, privateFileMode);
  }
}

/** Either the old file or the whole new one is there, whenever the machine stops. */
export function writePrivateFile(directory: string, name: string, content: string): void {
  const temporary = join(directory, `${name}.new`);
  rmSync(temporary, { force: true });
  writeFileSync(temporary, content, { mode: privateFileMode, flag: "wx", flush: true });
  renameSync(temporary, join(directory, name));
  syncDirectory(directory);
}

/** A new file survives a power cut only when its directory has been written too. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function badDirectory(directory: string, cause: unknown): RelayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RelayError("store.failed", {
    message: `The data directory ${directory} cannot be used: ${reason}`,
    field: "DATA_DIR",
    expected: "a directory that this process can write to",
    got: `${directory} (${reason})`,
    cause,
  });
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
