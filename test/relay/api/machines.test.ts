import { expect, test } from "vitest";
import { startRelay } from "./running-relay.ts";

const simulated = { name: "web-1", driver: "simulated" };

test("a machine is asked for, and is creating in the answer", async () => {
  await using relay = await startRelay();
  const { status, headers, body } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  expect(status).toBe(201);
  expect(headers.location).toBe(`/v1/machines/${body.id}`);
  expect(body).toMatchObject({
    name: "web-1",
    driver: "simulated",
    state: "creating",
    transitioning: "yes",
    simulated: true,
    agent: { state: "none", lastSeen: null },
    process: { name: "create", attempt: 1, startedAt: expect.any(Number) },
  });
  expect((await relay.inject({ url: `/v1/machines/${body.id}` })).body).toEqual(body);
});

test("the same idempotency key makes one machine, and another request under it is refused", async () => {
  await using relay = await startRelay();
  const ask = (payload: object) =>
    relay.inject({ method: "POST", url: "/v1/machines", payload, headers: { "idempotency-key": "abc" } });
  const first = await ask(simulated);
  const again = await ask({ driver: "simulated", name: "web-1" });
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body.id).toBe(first.body.id);
  expect((await ask({ ...simulated, name: "web-2" })).body).toMatchObject({
    status: 409,
    code: "idempotency.conflict",
  });
  expect((await relay.inject({ url: "/v1/machines" })).body.data).toHaveLength(1);
});

test("a list is filtered by state, driver, label and name, and read page by page", async () => {
  await using relay = await startRelay();
  for (const [name, tier] of [
    ["web-1", "web"],
    ["web-2", "web"],
    ["db-1", "db"],
  ]) {
    const payload = { name, driver: "simulated", labels: { tier, all: "a=b" } };
    expect((await relay.inject({ method: "POST", url: "/v1/machines", payload })).status).toBe(201);
  }
  const names = async (query: string) => {
    const { body } = await relay.inject({ url: `/v1/machines?${query}` });
    return body.data.map(({ name }: { name: string }) => name).sort();
  };
  expect(await names("label=tier%3Dweb")).toEqual(["web-1", "web-2"]);
  expect(await names("label=tier%3Ddb&label=all%3Da%3Db")).toEqual(["db-1"]);
  expect(await names("label=tier%3Ddb&label=all%3Dno")).toEqual([]);
  expect(await names("name=B-")).toEqual(["db-1", "web-1", "web-2"]);
  expect(await names("name=DB")).toEqual(["db-1"]);
  expect(await names("driver=none")).toEqual([]);
  expect(await names("state=creating&state=error")).toHaveLength(3);
  expect(await names("state=active")).toEqual([]);
  const { body: one } = await relay.inject({ url: "/v1/machines?limit=2" });
  const { body: two } = await relay.inject({ url: `/v1/machines?limit=2&cursor=${encodeURIComponent(one.next)}` });
  expect([...one.data, ...two.data].map(({ name }) => name).sort()).toEqual(["db-1", "web-1", "web-2"]);
  expect(two.next).toBeNull();
});

test("secrets and the contents of files are in no answer and in no log", async () => {
  await using relay = await startRelay();
  const driverConfig = {
    "digitalocean-access-token": "secret-one",
    sshKeyPath: { content: "secret-two" },
    region: "ams3",
  };
  const engine = {
    environment: { HTTP_PROXY: "http://me:secret-three@proxy", API_KEY: "secret-four", LANG: "C" },
    registryMirrors: ["https://me:secret-five@mirror", "https://mirror"],
  };
  const payload = { name: "web-1", driver: "digitalocean", driverConfig, engine };
  const made = await relay.inject({ method: "POST", url: "/v1/machines", payload });
  expect(made.status).toBe(201);
  expect(made.body.driverConfig).toEqual({ accessToken: "********", sshKeyPath: "********", region: "ams3" });
  expect(made.body.engine).toEqual({
    environment: { HTTP_PROXY: "********", API_KEY: "********", LANG: "C" },
    registryMirrors: ["********", "https://mirror"],
  });
  expect((await relay.store.getMachine(made.body.id))?.driverConfig.accessToken).toBe("secret-one");
  const { id, process } = made.body;
  const paths = ["", "/history", "/log", "/strays", "/archive"].map((path) => `/v1/machines/${id}${path}`);
  for (const url of [...paths, "/v1/machines", `/v1/processes/${process.id}`, "/v1/processes", "/", "/metrics"]) {
    expect((await relay.inject({ url })).text).not.toMatch(/secret-(one|two|three|four|five)/);
  }
  expect(relay.logged()).not.toMatch(/secret-(one|two|three|four|five)/);
});

test("driver options are patched in error, and a mask that is given back changes nothing", async () => {
  await using relay = await startRelay();
  const driverConfig = { accessToken: "secret-one", region: "ams3" };
  const payload = { name: "web-1", driver: "digitalocean", driverConfig };
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload });
  const patch = (change: object) =>
    relay.inject({ method: "PATCH", url: `/v1/machines/${machine.id}`, payload: change });
  expect((await patch({ driverConfig: { region: "nyc3" } })).body).toMatchObject({
    status: 409,
    code: "machine.wrongState",
  });
  expect((await patch({ labels: { tier: "web" } })).body.labels).toEqual({ tier: "web" });
  await relay.store.decide(machine.id, () => ({ result: undefined, machine: { state: "error" } }));
  expect((await patch({ driverConfig: { accessToken: "********", tags: ["a"] } })).status).toBe(200);
  const { driverConfig: kept } = (await relay.store.getMachine(machine.id)) ?? {};
  expect(kept).toEqual({ accessToken: "secret-one", region: "ams3", tags: ["a"] });
  expect((await patch({ driverConfig: { tags: null } })).body.driverConfig).toEqual({
    accessToken: "********",
    region: "ams3",
  });
});

test("a machine that is deleted twice is deleting, and force forgets it", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const url = `/v1/machines/${machine.id}`;
  for (const _ of [1, 2]) {
    const { status, body } = await relay.inject({ method: "DELETE", url });
    expect([status, body.state, body.transitioning]).toEqual([202, "deleting", "yes"]);
  }
  const forced = await relay.inject({ method: "DELETE", url: `${url}?force=true` });
  expect([forced.status, forced.body.state]).toEqual([200, "deleted"]);
  expect((await relay.inject({ url: "/v1/machines" })).body.data).toEqual([]);
  expect((await relay.inject({ url: "/v1/machines?deleted=true" })).body.data).toHaveLength(1);
  const { body: history } = await relay.inject({ url: `${url}/history` });
  expect(history.data.map(({ message }: { message: string }) => message).join("\n")).toContain(
    "forgotten by force, without asking the provider. Nothing real can be left: driver simulated",
  );
});

test("retry and resolve are refused where they mean nothing", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const url = `/v1/machines/${machine.id}`;
  expect((await relay.inject({ method: "POST", url: `${url}/retry` })).body).toMatchObject({
    code: "machine.wrongState",
  });
  const resolved = await relay.inject({ method: "POST", url: `${url}/resolve`, payload: { outcome: "nothing" } });
  expect(resolved.body).toMatchObject({ status: 409, code: "process.notWaiting" });
  for (const payload of [{ outcome: "providerId" }, { outcome: "nothing", providerId: "i-1" }]) {
    const { body } = await relay.inject({ method: "POST", url: `${url}/resolve`, payload });
    expect(body).toMatchObject({ status: 400, code: "request.invalid", field: "providerId" });
  }
  await relay.inject({ method: "DELETE", url: `${url}?force=true` });
  expect((await relay.inject({ method: "POST", url: `${url}/retry` })).status).toBe(410);
});

test("the log is read by the page as JSON, or whole as text", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const lines = [1, 2, 3].map((number) => ({ at: number, stream: "stdout" as const, line: `line ${number}` }));
  await relay.store.appendLog(machine.id, machine.process.id, lines);
  const url = `/v1/machines/${machine.id}/log`;
  const { body: first } = await relay.inject({ url: `${url}?limit=2` });
  expect(first.data.map(({ line }: { line: string }) => line)).toEqual(["line 1", "line 2"]);
  const { body: rest } = await relay.inject({ url: `${url}?after=${first.next}&process=${machine.process.id}` });
  expect(rest.data.map(({ line }: { line: string }) => line)).toEqual(["line 3"]);
  const text = await relay.inject({ url, headers: { accept: "text/plain" } });
  expect(text.headers["content-type"]).toMatch(/^text\/plain/);
  expect(text.text).toBe("line 1\nline 2\nline 3\n");
});

test("what is new in a history is asked for by the last entry seen", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const url = `/v1/machines/${machine.id}/history`;
  const { body: all } = await relay.inject({ url });
  const last = all.data.at(-1).id;
  await relay.inject({ method: "PATCH", url: `/v1/machines/${machine.id}`, payload: { labels: { tier: "web" } } });
  const { body: since } = await relay.inject({ url: `${url}?after=${last}` });
  expect(since).toMatchObject({ data: [{ id: last + 1, kind: "patch" }], next: null });
  expect((await relay.inject({ url: `${url}?after=0` })).body.data).toEqual([...all.data, ...since.data]);
});

test("stages are shown by the process that went through them, and their usual times by driver", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const { id, process } = machine;
  const { startedAt: start } = process;
  const url = `/v1/machines/${id}/stages`;
  const timings = async (driver: string) => (await relay.inject({ url: `/v1/drivers/${driver}/timings` })).body;
  expect((await relay.inject({ url })).body).toEqual({ data: [] });
  for (const [stage, at] of [
    ["ssh", start + 100],
    ["engine", start + 500],
  ] as const) {
    await relay.store.decide(id, () => ({ result: undefined, stage: { processId: process.id, stage, at } }));
  }
  expect(await timings("simulated")).toEqual({ driver: "simulated", processes: [] });
  await relay.store.decide(id, ({ open: [current] }) => ({
    result: undefined,
    processes: current ? [{ ...current, state: "ended", outcome: "done", endedAt: start + 900 }] : [],
  }));
  const create = { processId: process.id, process: "create" };
  expect((await relay.inject({ url })).body).toEqual({
    data: [
      { ...create, stage: "ssh", startedAt: start + 100, endedAt: start + 500 },
      { ...create, stage: "engine", startedAt: start + 500, endedAt: start + 900 },
    ],
  });
  const usual = { count: 1, medianMs: 400, p90Ms: 400 };
  const stages = ["ssh", "engine"].map((stage) => ({ stage, ...usual }));
  expect(await timings("simulated")).toEqual({
    driver: "simulated",
    processes: [{ process: "create", count: 1, medianMs: 900, p90Ms: 900, stages }],
  });
  expect(await timings("never-heard-of")).toEqual({ driver: "never-heard-of", processes: [] });
});

test("the archive is downloaded as docker-machine's directory, and strays by their reasons only", async () => {
  await using relay = await startRelay();
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload: simulated });
  const url = `/v1/machines/${machine.id}`;
  expect((await relay.inject({ url: `${url}/archive` })).body).toMatchObject({ status: 404, code: "archive.none" });
  const archive = Buffer.from("of bytes").toString("base64");
  const stray = { archive, eventId: null, reason: "too late" };
  await relay.store.decide(machine.id, () => ({ result: undefined, archive, stray }));
  const { headers, text } = await relay.inject({ url: `${url}/archive` });
  expect(text).toBe("of bytes");
  expect(headers["content-type"]).toBe("application/gzip");
  expect(headers["content-disposition"]).toBe('attachment; filename="web-1.tar.gz"');
  const { body: strays } = await relay.inject({ url: `${url}/strays` });
  expect(strays.data).toEqual([{ at: expect.any(Number), reason: "too late", archiveBytes: 8 }]);
});
