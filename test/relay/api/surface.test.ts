// What the relay says of itself: handlers, processes, health, metrics, the document and the pages.
import { Compile } from "typebox/compile";
import { request } from "undici";
import { expect, test } from "vitest";
import { buildRelay } from "../../../relay/app.ts";
import { readConfig } from "../../../relay/config.ts";
import { createLog } from "../../../relay/log.ts";
import { openTemporaryStore } from "../store/temporary-store.ts";
import { startRelay } from "./running-relay.ts";

const machine = { method: "POST" as const, url: "/v1/machines", payload: { name: "web-1", driver: "simulated" } };

test("ours are there from the start, and a row that was changed keeps what was not said", async () => {
  await using relay = await startRelay({
    environment: { FUNCTIONS_URL: "http://functions:1/", DELETE_URL: "http://away:2" },
  });
  const { body } = await relay.inject({ url: "/v1/handlers" });
  expect(body.data).toMatchObject([
    { name: "bootstrap", event: "machine.bootstrap", url: "http://functions:1/bootstrap", source: "environment" },
    {
      name: "create",
      url: "http://functions:1/create",
      order: 100,
      hasKey: false,
      statistics: { inFlight: 3, queued: 2 },
    },
    { name: "delete", url: "http://away:2", statistics: null },
  ]);
  const put = (payload: object) => relay.inject({ method: "PUT", url: "/v1/handlers/create", payload });
  expect((await put({ order: 50 })).body).toMatchObject({ order: 50, url: "http://functions:1/create", source: "api" });
  expect((await put({ url: null, key: "0123456789abcdef" })).body).toMatchObject({
    order: 50,
    url: null,
    hasKey: true,
  });
  expect((await put({ key: null })).body).toMatchObject({ url: null, hasKey: false });
});

test("a handler is added, checked and removed", async () => {
  await using relay = await startRelay();
  const url = "/v1/handlers/dns";
  const payload = { event: "machine.create", order: 200, url: "http://127.0.0.1:1/dns" };
  const made = await relay.inject({ method: "PUT", url, payload });
  expect([made.status, made.headers.location]).toEqual([201, url]);
  for (const method of ["GET", "POST"] as const) {
    const { body } = await relay.inject({ method, url: `${url}/check` });
    expect(body).toMatchObject({ isReachable: false, problem: "http://127.0.0.1:1/dns refused the connection" });
  }
  await relay.inject({ method: "PUT", url, payload: { url: null } });
  expect((await relay.inject({ url: `${url}/check` })).body).toMatchObject({ status: 409, code: "handler.noUrl" });
  expect((await relay.inject({ method: "DELETE", url })).status).toBe(204);
  expect((await relay.inject({ url })).status).toBe(404);
});

test("processes are listed by machine and by whether they are open, and fired now", async () => {
  await using relay = await startRelay();
  const { body: one } = await relay.inject(machine);
  const { body: two } = await relay.inject({ ...machine, payload: { ...machine.payload, name: "web-2" } });
  await relay.inject({ method: "DELETE", url: `/v1/machines/${two.id}?force=true` });
  const list = async (query: string) => (await relay.inject({ url: `/v1/processes?${query}` })).body.data;
  expect(await list(`machine=${one.id}`)).toMatchObject([{ id: one.process.id, state: "running", resourceId: one.id }]);
  expect(await list("open=true")).toHaveLength(1);
  expect(await list("open=false")).toMatchObject([{ resourceId: two.id, outcome: "forgotten" }]);
  const fired = await relay.inject({ method: "POST", url: `/v1/processes/${one.process.id}/fire` });
  expect([fired.status, fired.body.attempt]).toEqual([202, 2]);
  const over = await relay.inject({ method: "POST", url: `/v1/processes/${two.process.id}/fire` });
  expect(over.body).toMatchObject({ status: 409, code: "process.notWaiting" });
});

test("drivers are shown as the functions describe them", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject({ url: "/v1/drivers" });
  expect(body.drivers.map(({ name }: { name: string }) => name)).toContain("digitalocean");
  const { body: driver } = await relay.inject({ url: "/v1/drivers/digitalocean" });
  expect(driver.options[0]).toMatchObject({ name: "accessToken", isSecret: true });
});

test("it says who it is, and that agents elsewhere cannot reach a loopback address", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject({ url: "/v1/about" });
  expect(body).toMatchObject({
    node: process.version,
    publicUrl: relay.relay.url(),
    requiresKey: false,
    agentListen: null,
  });
  expect(body.publicUrlWarning).toContain("cannot reach");
  const joining = await relay.inject({ method: "POST", url: "/v1/join-tokens", payload: {} });
  expect(joining.body.warning).toBe(body.publicUrlWarning);
  expect(body.programs).toEqual([{ name: "docker-machine", version: "0.16.2", path: "/usr/local/bin/docker-machine" }]);
  await using public_ = await startRelay({ environment: { PUBLIC_URL: "https://relay.example/" } });
  const { body: about } = await public_.inject({ url: "/v1/about" });
  expect([about.publicUrl, about.publicUrlWarning]).toEqual(["https://relay.example", null]);
});

test("it is healthy while it lives, and not ready once its disk is gone", async () => {
  await using relay = await startRelay();
  expect((await relay.inject({ url: "/healthz" })).body).toEqual({ status: "ok" });
  expect((await relay.inject({ url: "/readyz" })).body).toEqual({ status: "ready" });
  await relay.store.close();
  expect((await relay.inject({ url: "/readyz" })).status).toBe(503);
  expect((await relay.inject({ url: "/healthz" })).status).toBe(200);
});

test("it is not ready before it has started, nor while it stops, when it also keeps no connection", async () => {
  await using temporary = await openTemporaryStore();
  const log = createLog("silent");
  const relay = await buildRelay({ config: readConfig({ PORT: "0" }), store: temporary.store, log });
  const ask = async () => (await relay.app.inject({ url: "/readyz" })).json();
  expect(await ask()).toEqual({ status: "starting" });
  await relay.start();
  expect(await ask()).toEqual({ status: "ready" });
  const { promise: isAsked, resolve: goOn } = Promise.withResolvers<void>();
  const listHandlers = temporary.store.listHandlers;
  const { promise: isWaiting, resolve: waits } = Promise.withResolvers<void>();
  temporary.store.listHandlers = async () => {
    waits();
    await isAsked;
    return listHandlers();
  };
  const answer = request(`${relay.url()}/v1/handlers`);
  await isWaiting;
  const stopped = relay.stop();
  goOn();
  const { statusCode, headers, body } = await answer;
  await body.dump();
  expect([statusCode, headers.connection]).toEqual([200, "close"]);
  await stopped;
});

test("a token in a path is in no log", async () => {
  await using relay = await startRelay();
  await relay.inject({ url: "/v1/scripts/agt_secret-token?x=secret-query" });
  await relay.inject({ url: "/v1/scripts/agt_secret-token/more?token=secret-query" });
  expect(relay.logged()).toContain("/v1/scripts/***/more");
  expect(relay.logged()).not.toMatch(/secret-(token|query)/);
});

test("metrics count machines, processes, firings, subscribers and invocations", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject(machine);
  await relay.inject({ method: "POST", url: `/v1/processes/${body.process.id}/fire` });
  const { text } = await relay.inject({ url: "/metrics" });
  for (const line of [
    'machine_relay_machines{state="creating"} 1',
    'machine_relay_processes{state="running"} 1',
    'machine_relay_firings_total{process="create"} 2',
    'machine_relay_refires_total{process="create"} 1',
    "machine_relay_invocations_queued 2",
    "machine_relay_invocations_running 1",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});

test("the document describes every route, and the page shows every route of the document", async () => {
  await using relay = await startRelay();
  const { body: document } = await relay.inject({ url: "/openapi.json" });
  expect(document.openapi).toBe("3.1.0");
  const routes = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  for (const route of [
    "POST /v1/machines",
    "PATCH /v1/machines/{id}",
    "GET /v1/subscribe",
    "POST /v1/scripts",
    "GET /metrics",
  ]) {
    expect(routes).toContain(route);
  }
  const { text } = await relay.inject({ url: "/docs" });
  for (const route of routes) {
    const [method, path] = route.split(" ");
    expect(text).toContain(`<span class="method">${method}</span> <code>${path}</code>`);
  }
  for (const reference of text.match(/(href|src)="[^"]*"/g) ?? []) expect(reference).toMatch(/"[/#]/);
});

test("answers are what the document says that they are", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject(machine);
  await relay.inject({ method: "DELETE", url: `/v1/machines/${body.id}` });
  const { body: document } = await relay.inject({ url: "/openapi.json" });
  const { id, process } = body;
  const questions: [path: string, url: string][] = [
    ["/v1/machines", "/v1/machines"],
    ["/v1/machines/{id}", `/v1/machines/${id}`],
    ["/v1/machines/{id}/history", `/v1/machines/${id}/history`],
    ["/v1/machines/{id}/log", `/v1/machines/${id}/log`],
    ["/v1/machines/{id}/stages", `/v1/machines/${id}/stages`],
    ["/v1/machines/{id}/strays", `/v1/machines/${id}/strays`],
    ["/v1/processes", "/v1/processes"],
    ["/v1/processes/{id}", `/v1/processes/${process.id}`],
    ["/v1/handlers", "/v1/handlers"],
    ["/v1/handlers/{name}", "/v1/handlers/create"],
    ["/v1/handlers/{name}/check", "/v1/handlers/create/check"],
    ["/v1/drivers", "/v1/drivers"],
    ["/v1/drivers/{name}", "/v1/drivers/digitalocean"],
    ["/v1/drivers/{name}/timings", "/v1/drivers/simulated/timings"],
    ["/v1/about", "/v1/about"],
  ];
  const wishes: [path: string, url: string, payload: object, status: number][] = [
    ["/v1/handlers/{name}/check", "/v1/handlers/create/check", { url: "http://127.0.0.1:1/new" }, 200],
    ["/v1/drivers/{name}/command", "/v1/drivers/digitalocean/command", { name: "web-1" }, 200],
    ["/v1/join-tokens", "/v1/join-tokens", {}, 201],
  ];
  for (const [path, url, payload, status] of wishes) {
    const answer = await relay.inject({ method: "POST", url, payload });
    expect([url, answer.status]).toEqual([url, status]);
    const { schema } = document.paths[path].post.responses[status].content["application/json"];
    expect([url, [...Compile(schema).Errors(answer.body)]]).toEqual([url, []]);
  }
  for (const [path, url] of questions) {
    const answer = await relay.inject({ url });
    expect([url, answer.status]).toEqual([url, 200]);
    const { schema } = document.paths[path].get.responses["200"].content["application/json"];
    expect([url, [...Compile(schema).Errors(answer.body)]]).toEqual([url, []]);
  }
});
