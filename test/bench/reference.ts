// The bare reference: what an event must cost at least. For each event one commit, one POST to the function and one
// commit of its reply, synchronous=FULL, commits of one turn of the event loop shared. No API, no rules, no retries.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Pool } from "undici";

const [functionUrl = "", events = "0", concurrency = "1"] = process.argv.slice(2);

const directory = mkdtempSync(join(tmpdir(), "machine-relay-bench-"));
const database = new DatabaseSync(join(directory, "reference.sqlite"));
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
database.exec("CREATE TABLE event (id TEXT PRIMARY KEY, body TEXT NOT NULL, reply TEXT) STRICT");
const insert = database.prepare("INSERT INTO event (id, body) VALUES (?, ?)");
const answer = database.prepare("UPDATE event SET reply = ? WHERE id = ?");

let waiting: { write: () => void; resolve: () => void }[] = [];
function commit(write: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push({ write, resolve }) > 1) return;
    setImmediate(() => {
      const group = waiting;
      waiting = [];
      database.exec("BEGIN");
      for (const { write } of group) write();
      database.exec("COMMIT");
      for (const { resolve } of group) resolve();
    });
  });
}

const pool = new Pool(functionUrl, { connections: Number(concurrency) });
const latenciesMs: number[] = [];

async function runEvent(number: number): Promise<void> {
  const id = `evt_${String(number).padStart(26, "0")}`;
  // As large as a real event without an archive.
  const body = JSON.stringify({
    id,
    name: "machine.create",
    resourceType: "machine",
    resourceId: `mch_${String(number).padStart(26, "0")}`,
    replyTo: `reply.${id}`,
    run: 1,
    data: { machine: { name: `bench-${number}`, driver: "simulated", padding: "x".repeat(400) } },
  });
  const startedAt = performance.now();
  await commit(() => insert.run(id, body));
  const response = await pool.request({
    path: "/create",
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const reply = await response.body.text();
  await commit(() => answer.run(reply, id));
  latenciesMs.push(performance.now() - startedAt);
}

const startedAt = performance.now();
let next = 0;
const lane = async () => {
  while (next < Number(events)) await runEvent(next++);
};
await Promise.all(Array.from({ length: Number(concurrency) }, lane));
const seconds = (performance.now() - startedAt) / 1000;
await pool.close();
database.close();
rmSync(directory, { recursive: true });
const cpu = process.cpuUsage();
process.stdout.write(`${JSON.stringify({ seconds, latenciesMs, cpuSeconds: (cpu.user + cpu.system) / 1e6 })}\n`);
