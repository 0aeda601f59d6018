// One relay for each data directory: holds a small file in an exclusive transaction, which ends with the process
// however it ends. A plain file beside it says who has it.
import { readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import { makePrivateFile, writePrivateFile } from "./directory.ts";
import { isSqliteError } from "./sqlite.ts";

const lockFile = "lock";
// Apart from the locked file: whoever reads that one and closes it again drops its own process's lock.
const ownerFile = "lock-owner.json";

interface Owner {
  pid: number;
  host: string;
  since: string;
}

/** @throws RelayError `store.locked` */
export function takeLock(directory: string, now: number): { release(): void } {
  const path = join(directory, lockFile);
  makePrivateFile(path);
  const database = new DatabaseSync(path);
  try {
    // In memory, so that holding the lock leaves no journal behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const owner: Owner = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
    writePrivateFile(directory, ownerFile, `${JSON.stringify(owner)}\n`);
  } catch (error) {
    database.close();
    throw isSqliteError(error, "busy") ? lockedError(directory, error) : error;
  }
  return {
    release() {
      rmSync(join(directory, ownerFile), { force: true });
      database.close();
    },
  };
}

function lockedError(directory: string, cause: unknown): RelayError {
  const owner = readOwner(directory);
  const who =
    owner === null
      ? "another relay that is just starting"
      : `process ${owner.pid} on host ${owner.host} since ${owner.since}`;
  return new RelayError("store.locked", {
    message: `The data directory ${directory} is in use by ${who}`,
    field: "DATA_DIR",
    expected: "a directory that no other relay uses",
    got: `${directory}, in use by ${who}`,
    cause,
  });
}

/** Null in the moment between taking the lock and saying so. */
function readOwner(directory: string): Owner | null {
  try {
    return JSON.parse(readFileSync(join(directory, ownerFile), "utf8")) as Owner;
  } catch {
    return null;
  }
}
