// The connection's settings: an acknowledgement means that the disk has it.
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../../relay/store/sqlite.ts";
import { temporaryDirectory } from "./temporary-store.ts";

test.each([
  // 2 is FULL: each commit is flushed to the disk before it returns. In WAL, 1 would flush at checkpoints only.
  ["synchronous", 2],
  ["journal_mode", "wal"],
  ["foreign_keys", 1],
])("the database is opened with %s = %s", async (pragma, expected) => {
  await using directory = await temporaryDirectory();
  using database = openDatabase(join(directory.path, "any.db"));
  expect(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})).toStrictEqual([expected]);
});
