// Migrations: forward, once each, all or nothing, and never over a newer schema.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createDurationReads } from "../../../relay/store/durations.ts";
import { migrate, migrations } from "../../../relay/store/migrations.ts";
import { openStore } from "../../../relay/store/open.ts";
import { openTemporaryStore } from "./temporary-store.ts";

const versionOf = (database: DatabaseSync) => database.prepare("PRAGMA user_version").get()?.user_version;
const tablesOf = (database: DatabaseSync) =>
  database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row.name);

test("each migration runs once, in order, from wherever the database is", () => {
  using database = new DatabaseSync(":memory:");
  const all = ["CREATE TABLE one (a)", "ALTER TABLE one RENAME TO two", "CREATE TABLE three (a)"];
  migrate(database, all.slice(0, 1));
  migrate(database, all);
  migrate(database, all);
  expect(versionOf(database)).toBe(3);
  expect(tablesOf(database)).toStrictEqual(["three", "two"]);
});

test("a migration that fails leaves the database at the one before", () => {
  using database = new DatabaseSync(":memory:");
  const all = ["CREATE TABLE one (a)", "CREATE TABLE two (a); CREATE TABLE one (a)"];
  expect(() => migrate(database, all)).toThrow(/already exists/);
  expect(database.isTransaction).toBe(false);
  expect(versionOf(database)).toBe(1);
  expect(tablesOf(database)).toStrictEqual(["one"]);
});

test("a machine of the first relay is one of which nobody knows the way in", () => {
  using database = new DatabaseSync(":memory:");
  migrate(database, migrations.slice(0, 1));
  database.exec(`
    INSERT INTO machines (id, name, machine_name, driver, labels, state, is_simulated, agent_generation, created_at,
      updated_at, options)
    VALUES ('mch_1', 'web-1', 'web-1-00000000', 'generic', '{}', 'active', 0, 1, 1, 1, x'00')`);
  migrate(database);
  expect({ ...database.prepare("SELECT name, ssh FROM machines").get() }).toEqual({ name: "web-1", ssh: null });
});

test("a database of a newer relay is refused, with both numbers, and not touched", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.close();
  const newer = migrations.length + 1;
  setVersion(temporary.directory, newer);
  await expect(openStore({ directory: temporary.directory })).rejects.toMatchObject({
    code: "store.newer",
    expected: `a schema up to ${migrations.length}`,
    got: `${newer}`,
  });
  // The refusal leaves neither the lock nor the connection behind.
  setVersion(temporary.directory, migrations.length);
  await temporary.reopen();
});

test("processes that an older relay recorded are found by the driver of their machine", () => {
  using database = new DatabaseSync(":memory:");
  migrate(database, migrations.slice(0, 1));
  database.exec(`
    INSERT INTO machines (id, name, machine_name, driver, labels, state, is_simulated, agent_generation, created_at,
      updated_at, options) VALUES ('mch_1', 'web-1', 'web-1-0', 'generic', '{}', 'active', 0, 1, 1, 1, x'');
    INSERT INTO processes (id, machine_id, name, state, outcome, attempt, failures, created_at, started_at, ended_at)
      VALUES ('prc_1', 'mch_1', 'create', 'ended', 'done', 1, 0, 1, 1, 9)`);
  migrate(database);
  expect(createDurationReads(database).listOf("generic")).toMatchObject([{ process: "create", totalMs: 8 }]);
});

function setVersion(directory: string, version: number): void {
  using database = new DatabaseSync(join(directory, "relay.db"));
  database.exec(`PRAGMA user_version = ${version}`);
}
