// The functions as a process that is killed, stopped, and told to go.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import type { Event, InvocationState } from "../../functions/contract.ts";
import { isGroupEmpty } from "../../functions/programs/process-group.ts";
import { eventOf, leased, Stream, temporaryDirectory, until } from "./functions-scene.ts";

const fixturePath = fileURLToPath(new URL("programs/functions-process.ts", import.meta.url));
const mainPath = fileURLToPath(new URL("../../functions/main.ts", import.meta.url));

interface Started {
  child: ChildProcess;
  url: string;
  /** Of `WORK_DIR`. */
  entries(): string[];
}

async function start(path: string, directory: string, variables: Record<string, string> = {}): Promise<Started> {
  const { child } = launch(path, directory, variables);
  const [{ ready }] = (await once(child, "message")) as [{ ready: string }];
  const work = join(directory, "work");
  return { child, url: ready, entries: () => (existsSync(work) ? readdirSync(work) : []) };
}

function launch(path: string, directory: string, variables: Record<string, string>) {
  const child = fork(path, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--no-warnings"],
    env: {
      PATH: process.env.PATH,
      WORK_DIR: join(directory, "work"),
      SIMULATED_CLOUD_DIR: join(directory, "cloud"),
      PORT: "0",
      ...variables,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { child, output: () => output };
}

function dispatcherOf(): Agent {
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

async function open(url: string, event: Event, path = "/create"): Promise<Stream> {
  const controller = new AbortController();
  const { body, statusCode } = await request(`${url}${path}`, {
    method: "POST",
    dispatcher: dispatcherOf(),
    signal: controller.signal,
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(event),
  });
  if (statusCode !== 200) throw new Error(await body.text());
  return new Stream(body, controller, "");
}

async function ask<Body>(method: "GET" | "POST", url: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const answer = await request(url, {
    method,
    dispatcher: dispatcherOf(),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: (text === "" ? null : JSON.parse(text)) as Body };
}

/** Starts a leased run and waits until its program, child and grandchild live. */
async function startFamily(url: string, leaseMs: number): Promise<{ group: number; event: Event; stream: Stream }> {
  const event = leased({ leaseMs });
  const stream = await open(url, event);
  await stream.next("beat");
  await ask("POST", `${url}/invocations/${event.id}`, { run: 1, beat: 1, checkpoint: 0 });
  const group = Number((await stream.next("log")).line.split(" ")[1]);
  expect(isGroupEmpty(group)).toBe(false);
  return { group, event, stream };
}

test("functions that are killed with SIGKILL leave nobody of a program's group alive", async () => {
  const { child, url } = await start(fixturePath, temporaryDirectory());
  const { group } = await startFamily(url, 600_000);
  child.kill("SIGKILL");
  await until(() => isGroupEmpty(group), "the group is empty");
});

test("what killed functions left in the work directory is gone when they are started again", async () => {
  const directory = temporaryDirectory();
  const first = await start(fixturePath, directory);
  await startFamily(first.url, 600_000);
  const [left] = first.entries();
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  expect(readdirSync(join(directory, "work", String(left)))).toHaveLength(1);
  const second = await start(fixturePath, directory);
  expect(second.entries()).toHaveLength(1);
  expect(second.entries()).not.toEqual([left]);
});

test("functions that are stopped do not keep a program alive past the end of its lease", async () => {
  const { child, url } = await start(fixturePath, temporaryDirectory());
  const { group, event, stream } = await startFamily(url, 3000);
  child.kill("SIGSTOP");
  await until(() => isGroupEmpty(group), "the group is empty");

  child.kill("SIGCONT");
  const renewal = { run: 1, beat: 1, checkpoint: 0 };
  const answer = await ask<{ code: string }>("POST", `${url}/invocations/${event.id}`, renewal);
  expect(answer).toMatchObject({ status: 410, body: { code: "lease.ended" } });
  expect(await stream.next("ended")).toMatchObject({ clean: true });
  const state = await ask<InvocationState>("GET", `${url}/invocations/${event.id}`);
  expect(state.body).toMatchObject({ state: "over", reply: null });
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends every run cleanly: group empty, stream told, directory gone, exit code 0",
  async (signal) => {
    const { child, url, entries } = await start(fixturePath, temporaryDirectory());
    const { group, stream } = await startFamily(url, 600_000);
    child.kill(signal);
    expect(await stream.next("ended")).toEqual({ clean: true, reason: "The functions are shutting down." });
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(isGroupEmpty(group)).toBe(true);
    expect(entries()).toEqual([]);
  },
);

test("the real functions start, say where, serve what they find, and go when told to", async () => {
  const { child, url, entries } = await start(mainPath, temporaryDirectory());
  const { body } = await ask<{ drivers: { name: string }[] }>("GET", `${url}/drivers`);
  expect(body.drivers.map(({ name }) => name)).toContain("simulated");
  const stream = await open(url, eventOf());
  expect(await stream.next("progress")).toMatchObject({ stage: expect.any(String) });
  child.kill("SIGTERM");
  expect(await stream.next("ended")).toMatchObject({ clean: true });
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(entries()).toEqual([]);
});

async function failToStart(variables: Record<string, string>): Promise<string> {
  const { child, output } = launch(mainPath, temporaryDirectory(), variables);
  expect(await once(child, "close")).toEqual([1, null]);
  return output().trim();
}

test("a wrong configuration is one plain sentence and exit code 1", async () => {
  expect(await failToStart({ PORT: "x" })).toBe(
    'The functions cannot start: PORT must be an integer from 0 to 65535, got "x"',
  );
});

test("off loopback without a secret nothing starts", async () => {
  expect(await failToStart({ HOST: "0.0.0.0" })).toMatch(/^The functions cannot start: FUNCTIONS_SECRET must be set/);
});

test("a work directory that cannot be made is one plain sentence", async () => {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, "");
  const said = await failToStart({ WORK_DIR: join(path, "work") });
  expect(said).toMatch(/^The functions cannot start: WORK_DIR must be a directory of our own that can be written/);
  expect(said).not.toContain("\n");
});

test("a port that is taken is one plain sentence", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const said = (await failToStart({ PORT: String(port) })).split("\n").at(-1);
  expect(said).toBe(`The functions cannot start: somebody else listens there already (HOST 127.0.0.1, PORT ${port}).`);
});
