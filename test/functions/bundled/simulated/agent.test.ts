// The simulated agent against a small relay: what it says, what it hears, and when it ends.
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Value } from "typebox/value";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Registration, Report } from "../../../../relay/agents/messages.ts";
import { isProcessAlive, simulatedDocker, until, usePlace } from "./place.ts";

interface Call {
  path: string;
  body: Record<string, unknown>;
  text: string;
}

const place = usePlace();
const name = "machine-relay-agent";
let server: Server;
let calls: Call[] = [];
let stream: ServerResponse | null = null;
/** What the relay answers to a call; 200 unless a test says otherwise. */
let statusOf: (call: Call) => number = () => 200;
let heard = Promise.withResolvers<void>();

beforeEach(async () => {
  calls = [];
  stream = null;
  statusOf = () => 200;
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const call: Call = { path: request.url!, text, body: request.url === "/v1/subscribe" ? {} : JSON.parse(text) };
  calls.push(call);
  const status = statusOf(call);
  if (call.path === "/v1/subscribe" && status === 200) {
    stream = response.writeHead(201, { "content-type": "application/x-ndjson" });
    response.write('{"name":"ping"}\n');
  } else if (call.path === "/v1/agents/register" && status === 200) {
    response.writeHead(200).end(JSON.stringify({ machineId: "mch_1", token: "own-token", reportEveryMs: 60_000 }));
  } else {
    response.writeHead(status).end("{}");
  }
  heard.resolve();
  heard = Promise.withResolvers<void>();
}

/** The first call that fits, as soon as it has come. */
async function call(fits: (call: Call) => boolean): Promise<Call> {
  for (;;) {
    const found = calls.find(fits);
    if (found !== undefined) return found;
    await heard.promise;
  }
}

const to = (what: string) => (candidate: Call) => candidate.path === `/v1/agents/${what}`;
const countOf = (what: string) => calls.filter(to(what)).length;

async function startAgent(reportMs?: string, ...orders: string[]): Promise<number> {
  await place.create("web-1", ...orders);
  const { port } = server.address() as AddressInfo;
  const { exitCode, stderr } = await place.docker(
    "web-1",
    ["run", "-d", "--name", name, "-e", "MACHINE_RELAY_SCRIPT_URL", "docker:28-cli"],
    {
      environment: {
        MACHINE_RELAY_SCRIPT_URL: `http://127.0.0.1:${port}/v1/scripts/first-token`,
        MACHINE_RELAY_REPORT_MS: reportMs,
      },
    },
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return place.containers()[0]!.agent!.pid;
}

test("it registers with its token, and reports with the one that it is given", async () => {
  await startAgent();
  const registration = await call(to("register"));
  expect(Value.Check(Registration, registration.body)).toBe(true);
  expect(registration.body).toEqual({
    token: "first-token",
    engineId: place.vms()[0]!.id,
    name: "web-1",
    engineVersion: "28.5.2-simulated",
  });
  const report = await call(to("report"));
  expect(Value.Check(Report, report.body)).toBe(true);
  const { id } = place.containers()[0]!;
  expect(report.body).toEqual({
    token: "own-token",
    engineVersion: "28.5.2-simulated",
    containers: [{ id, name, image: "docker:28-cli", state: "running" }],
    started: [name],
    stopped: [],
  });
});

test("it reports again and again, and tells what has started and stopped since", async () => {
  await startAgent("20");
  await call(to("report"));
  await place.docker("web-1", ["run", "-d", "--name", "other", "busybox"]);
  await call(({ body }) => JSON.stringify(body.started) === '["other"]');
  await place.docker("web-1", ["rm", "-f", "other"]);
  const last = await call(({ body }) => JSON.stringify(body.stopped) === '["other"]');
  expect(last.body.containers).toHaveLength(1);
  expect(countOf("register")).toBe(1);
});

test("it goes on after every failure but 410", async () => {
  const statuses = [500, 404, 503];
  statusOf = ({ path }) => (path === "/v1/agents/register" ? (statuses.shift() ?? 200) : 200);
  await startAgent("20");
  await call(to("report"));
  expect(countOf("register")).toBe(4);
  expect((await place.docker("web-1", ["logs", name])).stderr).toContain("The relay did not take the register: 503.");
});

test("410 ends it for ever, and its container is away", async () => {
  const pid = await startAgent("20");
  await call(to("report"));
  statusOf = () => 410;
  await until(() => !isProcessAlive(pid));
  expect(place.containers()).toEqual([]);
});

test("it ends when its VM's file is gone", async () => {
  const pid = await startAgent("20");
  await call(to("report"));
  rmSync(join(place.cloud, "vms", `${place.vms()[0]!.id}.json`));
  await until(() => !isProcessAlive(pid));
});

test("it ends when its machine is removed", async () => {
  const pid = await startAgent("20");
  await call(to("report"));
  await place.machine(["rm", "-y", "web-1"]);
  await until(() => !isProcessAlive(pid));
});

test("it ends when another container has its name", async () => {
  const pid = await startAgent();
  await call(to("report"));
  const [vm] = place.vms();
  // As if it could not be reached by a signal: only the files change.
  rmSync(join(place.cloud, "vms", vm!.id, "containers", `${name}.json`));
  await place.docker("web-1", ["run", "-d", "--name", name, "busybox"]);
  await until(() => !isProcessAlive(pid));
  expect(place.containers()).toHaveLength(1);
});

test("it is in no group that whoever started it could end", async () => {
  await place.create("web-1");
  const { port } = server.address() as AddressInfo;
  const host = `tcp://${place.vms()[0]!.address}:2376`;
  const words = ["-H", host, "run", "-d", "--name", name, "-e", "MACHINE_RELAY_SCRIPT_URL", "busybox"];
  const run = place.start(simulatedDocker, words, {
    environment: { MACHINE_RELAY_SCRIPT_URL: `http://127.0.0.1:${port}/v1/scripts/first-token` },
    hasOwnGroup: true,
  });
  expect((await run.outcome).exitCode).toBe(0);
  // The group is empty: nobody is left to be signalled.
  expect(() => process.kill(-run.child.pid!, "SIGKILL")).toThrow("ESRCH");
  expect((await call(to("register"))).body.token).toBe("first-token");
});

test("told to report, it reports at once", async () => {
  await startAgent();
  await call(({ path }) => path === "/v1/subscribe");
  await until(() => stream !== null);
  expect(calls.find(({ path }) => path === "/v1/subscribe")!.text).toBe("eventNames=host.*&token=own-token");
  expect(countOf("report")).toBe(1);
  stream!.write('{"id":"evt_1","name":"host.report","resourceId":"mch_1"}\n');
  await until(() => countOf("report") === 2);
});

test("told to leave, it says farewell and removes itself", async () => {
  const pid = await startAgent();
  await call(({ path }) => path === "/v1/subscribe");
  await until(() => stream !== null);
  stream!.write('{"id":"evt_1","name":"host.leave","resourceId":"mch_1"}\n');
  expect((await call(to("leave"))).body).toEqual({ token: "own-token" });
  await until(() => !isProcessAlive(pid));
  expect(place.containers()).toEqual([]);
});

test("a silent one lives and says nothing", async () => {
  const pid = await startAgent("20", "--simulated-agent", "silent");
  const { startedAt } = place.containers()[0]!;
  const { stdout } = await place.docker("web-1", ["inspect", "-f", "{{.State.Running}}", name]);
  expect(startedAt).not.toBeNull();
  expect(stdout).toBe("true\n");
  expect(isProcessAlive(pid)).toBe(true);
  expect(calls).toEqual([]);
  // It looks for its VM each second: time enough for another one to report.
  rmSync(join(place.cloud, "vms", `${place.vms()[0]!.id}.json`));
  await until(() => !isProcessAlive(pid));
  expect(calls).toEqual([]);
});
