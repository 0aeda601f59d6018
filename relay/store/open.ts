// Opens the store on a data directory: the lock first, then the schema, the key, and the units.
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import { createCursors } from "./cursors.ts";
import { badDirectory, makeDirectory, makePrivateFile, syncDirectory } from "./directory.ts";
import { createGroupCommit } from "./group-commit.ts";
import { takeLock } from "./lock.ts";
import { createMetaTable } from "./meta.ts";
import { migrate } from "./migrations.ts";
import { createSealing } from "./sealing.ts";
import { findSealingKey } from "./sealing-key.ts";
import { asStoreError, isSqliteError, openDatabase } from "./sqlite.ts";
import { createTables } from "./tables.ts";
import type { Store } from "./types.ts";
import { createUnits } from "./units.ts";

const databaseFile = "relay.db";

export interface StoreOptions {
  /** Made with mode 0700 if it is not there. All files in it are 0600. */
  directory: string;
  /** 32 bytes, base64 or hex. Absent or empty: the file `sealing.key` in the directory, made at the first start. */
  sealingKey?: string | undefined;
  /** Milliseconds since 1970. */
  clock?: () => number;
}

/**
 * @throws RelayError `store.failed` (field `DATA_DIR`), `store.locked`, `store.newer`, `store.wrongKey`, `config.invalid`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, clock = Date.now } = options;
  makeDirectory(directory);
  const lock = orBadDirectory(directory, () => takeLock(directory, clock()));
  let database: DatabaseSync | undefined;
  try {
    const path = join(directory, databaseFile);
    database = orBadDirectory(directory, () => {
      makePrivateFile(path);
      syncDirectory(directory);
      return openDatabase(path);
    });
    return openUnits(database, path, { ...options, clock }, () => lock.release());
  } catch (error) {
    if (database?.isOpen) database.close();
    lock.release();
    throw asStoreError(error);
  }
}

function openUnits(
  database: DatabaseSync,
  path: string,
  options: StoreOptions & { clock: () => number },
  releaseLock: () => void,
): Store {
  migrate(database);
  const meta = createMetaTable(database);
  const sealing = createSealing(findSealingKey(options.directory, options.sealingKey, !meta.isSealed()));
  meta.checkKey(sealing);

  const cursors = createCursors(sealing.deriveKey("store/cursors"));
  const inode = statSync(path).ino;
  return createUnits({
    tables: createTables(database, sealing, cursors, randomUUID()),
    commit: createGroupCommit(database),
    installationId: meta.installationId(),
    deriveKey: sealing.deriveKey,
    clock: options.clock,
    writePing() {
      // SQLite would go on for ever in a file that somebody has removed.
      if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) {
        throw new RelayError("store.failed", { message: `The database ${path} is no longer there` });
      }
      meta.writePing();
    },
    closeFiles() {
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        database.close();
        releaseLock();
      }
    },
  });
}

/** What the file system or SQLite says about the directory becomes an answer that names the setting. */
function orBadDirectory<T>(directory: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RelayError) throw error;
    if (isSqliteError(error, "notADatabase")) {
      throw new RelayError("store.failed", {
        message: `The file ${join(directory, databaseFile)} is not a database`,
        field: "DATA_DIR",
        expected: "a directory that this relay has made, or an empty one",
        got: directory,
        cause: error,
      });
    }
    throw badDirectory(directory, error);
  }
}
