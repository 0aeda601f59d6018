// Opens SQLite in the one way in which the store uses it, and reads its errors.
import { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";

/** SQLite's extended result codes: https://sqlite.org/rescode.html */
const codes = { busy: 5, notADatabase: 26, foreignKey: 787, unique: 2067 } as const;

/** The log is copied into the database after so many pages (of 4 KB): a page that is written often is copied once. */
const checkpointPages = 4_000;
/** The write-ahead log is cut back to this after a checkpoint, however large one burst has made it. */
const writeAheadLogBytesMax = 64 * 1024 * 1024;

export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA journal_size_limit = ${writeAheadLogBytesMax};
    `);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

export function isSqliteError(error: unknown, kind?: keyof typeof codes): error is Error {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return false;
  return kind === undefined || ("errcode" in error && error.errcode === codes[kind]);
}

/** SQLite's words name tables and columns, never values. Other errors pass as they are. */
export function asStoreError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  return new RelayError("store.failed", { message: `The store could not do it: ${error.message}`, cause: error });
}
