// The relay as a process: what it says when it cannot start, and how it ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa, type Options } from "execa";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { subscribe } from "./api/streams.ts";

const main = new URL("../../relay/main.ts", import.meta.url).pathname;
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "machine-relay-main-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function start(environment: Record<string, string>, options: Options = {}) {
  const env = { PORT: "0", DATA_DIR: join(directory, "data"), ...environment };
  const child = execa(process.execPath, [main], { env, extendEnv: false, reject: false, ...options });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function readUrl(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const { url } = JSON.parse(line);
    if (url) return url;
  }
  throw new Error("it did not start");
}

async function refuse(environment: Record<string, string>, line: RegExp): Promise<void> {
  const { exitCode, stderr } = await start(environment);
  expect(String(stderr).split("\n")).toEqual([expect.stringMatching(line)]);
  expect(exitCode).toBe(1);
}

test("what keeps it from starting is told in one plain line", async () => {
  const taken: Server = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  await refuse({ PORT: String(port) }, new RegExp(`cannot start: port ${port} of 127.0.0.1 is taken: .* set PORT`));
  taken.close();
  await refuse({ HOST: "0.0.0.0" }, /cannot start: API_KEYS must be/);
  await refuse(
    { HOST: "192.0.2.1", API_KEYS: "0123456789abcdef" },
    /cannot start: port 0 of 192\.0\.2\.1 is on no address/,
  );
  await writeFile(join(directory, "file"), "");
  await refuse({ DATA_DIR: join(directory, "file", "data") }, /cannot start: The data directory .* cannot be used/);
});

test("a second relay on the data directory is refused, and so is another sealing key", async () => {
  const first = start({ SEALING_KEY: Buffer.alloc(32, 1).toString("base64") });
  await readUrl(first.stdout as Readable);
  await refuse({}, /cannot start: The data directory .* is in use by process \d+/);
  first.kill("SIGTERM");
  expect((await first).exitCode).toBe(0);
  await refuse({ SEALING_KEY: Buffer.alloc(32, 2).toString("base64") }, /cannot start: The sealing key is not the one/);
});

test("told to stop, it ends its streams at once, and itself with 0", async () => {
  const child = start({});
  const url = await readUrl(child.stdout as Readable);
  const stream = await subscribe(url, ["*"]);
  await stream.nextOfAll();
  child.kill("SIGTERM");
  expect(await stream.next()).toBeNull();
  expect((await child).exitCode).toBe(0);
});

test("a relay whose launcher is gone ends by itself", async () => {
  const env = { PORT: "0", DATA_DIR: join(directory, "data") };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  await readUrl(child.stdout as Readable);
  child.disconnect();
  expect(await exited).toEqual([0, null]);
});

test("a machine survives a restart, and so does the idempotency of its wish", async () => {
  const ask = (url: string) =>
    fetch(`${url}/v1/machines`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "one" },
      body: '{"name":"web-1","driver":"simulated"}',
    });
  const ids: string[] = [];
  for (const status of [201, 200]) {
    const child = start({ FUNCTIONS_URL: "http://127.0.0.1:1" });
    const answer = await ask(await readUrl(child.stdout as Readable));
    expect(answer.status).toBe(status);
    ids.push(((await answer.json()) as { id: string }).id);
    child.kill("SIGKILL");
    await child;
  }
  expect(ids[0]).toBe(ids[1]);
});
