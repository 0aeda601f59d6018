// Group commit: what shares a transaction, what fails alone, and what fails together.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { subscriberBacklogMax } from "../../../relay/api/event-stream.ts";
import {
  createGroupCommit,
  type GroupCommit,
  unitsPerCommitMax,
  unitsWaitingMax,
} from "../../../relay/store/group-commit.ts";
import { openDatabase } from "../../../relay/store/sqlite.ts";

interface Bench extends Disposable {
  database: DatabaseSync;
  /** A second connection: it sees what is committed, and nothing else. */
  other: DatabaseSync;
  commit: GroupCommit;
  insert(value: number, parent?: number): void;
  committed(): number[];
}

function openBench(): Bench {
  const directory = mkdtempSync(join(tmpdir(), "machine-relay-commit-"));
  const database = openDatabase(join(directory, "bench.db"));
  // A reference that is checked at COMMIT only: the way to make one fail.
  database.exec(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE rows (value INTEGER PRIMARY KEY, filler TEXT,
      parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
  `);
  const other = openDatabase(join(directory, "bench.db"));
  const insert = database.prepare("INSERT INTO rows (value, parent) VALUES (?, ?)");
  const select = other.prepare("SELECT value FROM rows ORDER BY value");
  return {
    database,
    other,
    commit: createGroupCommit(database),
    insert: (value, parent) => void insert.run(value, parent ?? null),
    committed: () => select.all().map((row) => row.value as number),
    [Symbol.dispose]() {
      other.close();
      database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

test("the units of one turn share one transaction, which is committed when they resolve", async () => {
  using bench = openBench();
  const { commit, insert, committed } = bench;
  const seen = await Promise.all([
    commit.run(() => insert(1)),
    commit.run(() => committed()),
    commit.run(() => bench.database.prepare("SELECT count(*) AS count FROM rows").get()?.count),
  ]);
  // In the middle the second connection saw nothing, and the third unit the row of the first.
  expect(seen).toStrictEqual([undefined, [], 1]);
  expect(committed()).toStrictEqual([1]);
});

test("a unit never runs in the turn that asks for it", async () => {
  using bench = openBench();
  let hasRun = false;
  const done = bench.commit.run(() => {
    hasRun = true;
  });
  expect(hasRun).toBe(false);
  await done;
  expect(hasRun).toBe(true);
});

test("a unit that fails undoes its own work alone", async () => {
  using bench = openBench();
  const { commit, insert, committed } = bench;
  const own = new Error("own");
  const outcomes = await Promise.allSettled([
    commit.run(() => insert(1)),
    commit.run(() => {
      insert(2);
      throw own;
    }),
    commit.run(() => insert(1)),
    commit.run(() => insert(3)),
  ]);
  expect(outcomes).toMatchObject([
    { status: "fulfilled" },
    { status: "rejected", reason: own },
    { status: "rejected", reason: { code: "store.failed", cause: { code: "ERR_SQLITE_ERROR" } } },
    { status: "fulfilled" },
  ]);
  expect(committed()).toStrictEqual([1, 3]);
});

test("a COMMIT that fails rejects all units of its group, undoes them, and the next group is committed", async () => {
  using bench = openBench();
  const { commit, insert, committed } = bench;
  const outcomes = await Promise.allSettled([
    commit.run(() => insert(1)),
    commit.run(() => insert(2, 99)),
    commit.run(() => insert(3)),
  ]);
  expect(outcomes).toMatchObject(outcomes.map(() => ({ status: "rejected", reason: { code: "store.failed" } })));
  expect(bench.database.isTransaction).toBe(false);
  await commit.run(() => insert(4));
  expect(committed()).toStrictEqual([4]);
});

test("a full disk in the middle acknowledges nothing of its group, and the store works on when there is room", async () => {
  using bench = openBench();
  const { commit, database, insert, committed } = bench;
  const pages = database.prepare("PRAGMA page_count").get()?.page_count as number;
  database.exec(`PRAGMA max_page_count = ${pages + 1}`);
  const fill = database.prepare("INSERT INTO rows (value, filler) VALUES (?, ?)");
  const outcomes = await Promise.allSettled([
    commit.run(() => insert(1)),
    commit.run(() => fill.run(2, "x".repeat(100_000))),
    commit.run(() => insert(3)),
  ]);
  // SQLite may undo only the statement or the whole transaction: acknowledged must be what is there, either way.
  const acknowledged = [1, 2, 3].filter((_, index) => outcomes[index]?.status === "fulfilled");
  expect(acknowledged).not.toContain(2);
  expect(committed()).toStrictEqual(acknowledged);
  expect(outcomes[1]).toMatchObject({ reason: { code: "store.failed", message: /full/ } });
  database.exec("PRAGMA max_page_count = 100000");
  await commit.run(() => insert(4));
  expect(committed()).toContain(4);
});

test("when a unit's failure ends the transaction itself, every unit of the group is rejected", async () => {
  using bench = openBench();
  const { commit, database, insert, committed } = bench;
  const outcomes = await Promise.allSettled([
    commit.run(() => insert(1)),
    commit.run(() => {
      // What SQLite does by itself after an I/O error.
      database.exec("ROLLBACK");
      throw new Error("disk I/O error");
    }),
    commit.run(() => insert(3)),
  ]);
  // With the first cause, not with what followed from it.
  expect(outcomes).toMatchObject(outcomes.map(() => ({ status: "rejected", reason: { message: "disk I/O error" } })));
  expect(committed()).toStrictEqual([]);
  await commit.run(() => insert(4));
  expect(committed()).toStrictEqual([4]);
});

test("a transaction that cannot begin rejects its units, and later ones succeed", async () => {
  using bench = openBench();
  const { commit, insert, other, committed } = bench;
  other.exec("BEGIN IMMEDIATE");
  await expect(commit.run(() => insert(1))).rejects.toMatchObject({ code: "store.failed" });
  other.exec("ROLLBACK");
  await commit.run(() => insert(2));
  expect(committed()).toStrictEqual([2]);
});

test("more units than one commit takes are committed in order, a group each turn", async () => {
  using bench = openBench();
  const { commit, insert, committed } = bench;
  let inFirstGroup = -1;
  const units = Array.from({ length: unitsPerCommitMax + 1 }, (_, value) =>
    commit.run(() => {
      if (value === unitsPerCommitMax) inFirstGroup = committed().length;
      insert(value);
    }),
  );
  await Promise.all(units);
  expect(inFirstGroup).toBe(unitsPerCommitMax);
  expect(committed()).toHaveLength(unitsPerCommitMax + 1);
});

test("a unit past the limit of waiting ones is refused, and those before it are not", async () => {
  using bench = openBench();
  let count = 0;
  const units = Array.from({ length: unitsWaitingMax }, () =>
    bench.commit.run(() => {
      count += 1;
    }),
  );
  await expect(bench.commit.run(() => undefined)).rejects.toMatchObject({ code: "store.failed" });
  await Promise.all(units);
  expect(count).toBe(unitsWaitingMax);
});

test("a flush commits what waits at once", async () => {
  using bench = openBench();
  const done = bench.commit.run(() => bench.insert(1));
  bench.commit.flush();
  expect(bench.committed()).toStrictEqual([1]);
  await done;
});

test("what the units of one commit may publish fits into the backlog of a subscriber", () => {
  // A change, a firing and a cancel: all of them reach a subscriber to everything before its socket is served again.
  const eventsOfUnitMax = 3;
  expect(unitsPerCommitMax * eventsOfUnitMax).toBeLessThan(subscriberBacklogMax);
});
