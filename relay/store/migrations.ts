// Brings the database to the newest schema at start, step by step, and refuses one that a newer relay has made.
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";

/** Never change one that was released: add the next. The place in this list is its number, kept in `user_version`. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE machines (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    machine_name TEXT NOT NULL,
    driver TEXT NOT NULL,
    labels TEXT NOT NULL,
    state TEXT NOT NULL,
    progress TEXT,
    error TEXT,
    ip_address TEXT,
    engine_version TEXT,
    url TEXT,
    provider_id TEXT,
    is_simulated INTEGER NOT NULL,
    resolved TEXT,
    unsettled_since INTEGER,
    agent_generation INTEGER NOT NULL,
    host TEXT,
    host_state TEXT,
    host_last_seen_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    options BLOB NOT NULL -- of driver and engine, sealed
  ) STRICT;
  -- The name of a deleted machine is free again.
  CREATE UNIQUE INDEX machines_name ON machines (name) WHERE state <> 'deleted';
  CREATE INDEX machines_newest ON machines (created_at, id);
  CREATE INDEX machines_newest_kept ON machines (created_at, id) WHERE state <> 'deleted';
  CREATE INDEX machines_by_state ON machines (state);
  CREATE INDEX machines_connected ON machines (host_last_seen_at) WHERE host_state = 'connected';

  -- Apart from the machine, because they are large and seldom needed.
  CREATE TABLE archives (
    machine_id TEXT PRIMARY KEY REFERENCES machines (id),
    archive BLOB NOT NULL -- sealed
  ) STRICT;

  CREATE TABLE strays (
    machine_id TEXT NOT NULL REFERENCES machines (id),
    digest TEXT NOT NULL,
    at INTEGER NOT NULL,
    event_id TEXT,
    reason TEXT NOT NULL,
    archive BLOB NOT NULL, -- sealed
    PRIMARY KEY (machine_id, digest)
  ) STRICT;

  CREATE TABLE processes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    machine_id TEXT NOT NULL REFERENCES machines (id),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    waiting_for TEXT,
    attempt INTEGER NOT NULL,
    next_fire_at INTEGER,
    failures INTEGER NOT NULL,
    error TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    claimed_by TEXT -- the open of the store that works on it; null when it has ended
  ) STRICT;
  CREATE INDEX processes_open ON processes (machine_id, number) WHERE state <> 'ended';
  CREATE INDEX processes_ended ON processes (machine_id, ended_at, number) WHERE state = 'ended';
  CREATE INDEX processes_of_machine ON processes (machine_id, number);
  -- One process per machine runs at a time, whatever anybody decides.
  CREATE UNIQUE INDEX processes_current ON processes (machine_id) WHERE state IN ('running', 'waiting', 'cancelling');

  CREATE TABLE steps (
    event_id TEXT PRIMARY KEY,
    process_id TEXT NOT NULL REFERENCES processes (id),
    position INTEGER NOT NULL,
    handler TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    run INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX steps_of_process ON steps (process_id, position);

  CREATE TABLE runs (
    event_id TEXT NOT NULL REFERENCES steps (event_id),
    run INTEGER NOT NULL,
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    lease_ms INTEGER,
    deadline_at INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    is_clean INTEGER,
    end_reason TEXT,
    PRIMARY KEY (event_id, run)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE history (
    machine_id TEXT NOT NULL REFERENCES machines (id),
    id INTEGER NOT NULL, -- grows by one for each entry of the machine
    process_id TEXT,
    event_id TEXT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    attempt INTEGER,
    run INTEGER,
    PRIMARY KEY (machine_id, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_lines (
    machine_id TEXT NOT NULL REFERENCES machines (id),
    number INTEGER NOT NULL,
    process_id TEXT NOT NULL REFERENCES processes (id),
    at INTEGER NOT NULL,
    stream TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (machine_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX log_lines_of_process ON log_lines (process_id, number);
  -- How many lines a process has had, those dropped since included: their sum is the machine's last number.
  CREATE TABLE log_counts (
    machine_id TEXT NOT NULL REFERENCES machines (id),
    process_id TEXT NOT NULL REFERENCES processes (id),
    lines INTEGER NOT NULL,
    PRIMARY KEY (machine_id, process_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE handlers (
    name TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    url TEXT,
    key_hash TEXT,
    source TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE agent_tokens (
    hash TEXT PRIMARY KEY,
    machine_id TEXT NOT NULL REFERENCES machines (id),
    generation INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE join_tokens (
    hash TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    labels TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX join_tokens_by_expiry ON join_tokens (expires_at);

  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    machine_id TEXT NOT NULL REFERENCES machines (id),
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
  `,
  `
  CREATE TABLE stages (
    machine_id TEXT NOT NULL REFERENCES machines (id),
    number INTEGER NOT NULL, -- grows by one for each stage of the machine
    process_id TEXT NOT NULL REFERENCES processes (id),
    stage TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER, -- null while it lasts
    PRIMARY KEY (machine_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX stages_of_process ON stages (process_id);
  -- A process is in one stage at a time.
  CREATE UNIQUE INDEX stages_open ON stages (process_id) WHERE ended_at IS NULL;

  -- Its machine's, which never changes: so that the newest of a driver are found without looking at all others.
  ALTER TABLE processes ADD COLUMN driver TEXT NOT NULL DEFAULT '';
  UPDATE processes SET driver = (SELECT driver FROM machines WHERE id = machine_id);
  CREATE INDEX processes_done ON processes (driver, name, ended_at) WHERE outcome = 'done';
  `,
  `
  ALTER TABLE machines ADD COLUMN ssh TEXT;
  `,
];

/** @throws RelayError `store.newer` */
export function migrate(database: DatabaseSync, all: readonly string[] = migrations): void {
  const found = database.prepare("PRAGMA user_version").get()?.user_version as number;
  if (found > all.length) {
    throw new RelayError("store.newer", {
      message: `The database was made by a newer relay: its schema is ${found}, this relay knows ${all.length}`,
      field: "DATA_DIR",
      expected: `a schema up to ${all.length}`,
      got: `${found}`,
    });
  }
  for (const [index, sql] of all.entries()) {
    if (index < found) continue;
    // The number is written in the transaction of its change: whoever is killed in between starts it again.
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(`${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
