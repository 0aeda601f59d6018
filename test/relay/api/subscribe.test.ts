import { once } from "node:events";
import { expect, test } from "vitest";
import type { Notice } from "../../../relay/event-bus/events.ts";
import { startRelay } from "./running-relay.ts";
import { listen, subscribe, subscribeWithoutReading } from "./streams.ts";

const operator = "operator-key-0123";
const handlerKey = "handler-key-45678";
const withKeys = { environment: { API_KEYS: operator } };

const notice = (name: string, data: unknown = null, resourceId: string | null = null): Notice => ({
  ...{ id: "not_1", name, time: 1, data, resourceId },
  resourceType: resourceId === null ? null : "machine",
});
const machine = (name: string) => ({
  method: "POST" as const,
  url: "/v1/machines",
  payload: { name, driver: "digitalocean", driverConfig: { accessToken: "secret-one" } },
});
const dns = { method: "PUT" as const, url: "/v1/handlers/dns" };

test("a subscriber is pinged at once, and hears the names that it asked for and no others", async () => {
  await using relay = await startRelay();
  const stream = await subscribe(relay.relay.url(), ["machine.*", "resource.change"]);
  expect(stream.status).toBe(201);
  expect(stream.headers["content-type"]).toMatch(/^application\/x-ndjson/);
  expect(await stream.nextOfAll()).toMatchObject({ name: "ping", resourceId: null });
  relay.relay.bus.publish(notice("host.report"));
  relay.relay.bus.publish(notice("machine.something"));
  expect((await stream.next()).name).toBe("machine.something");
  await relay.inject(machine("web-1"));
  expect((await stream.next()).data.machine).toMatchObject({ name: "web-1", state: "creating" });
  stream.close();
});

test("a form is as good as JSON", async () => {
  await using relay = await startRelay();
  for (const body of ["eventNames=a.b", "eventNames=a.b&eventNames=c.d"]) {
    const response = await fetch(`${relay.relay.url()}/v1/subscribe`, {
      method: "POST",
      body: new URLSearchParams(body),
    });
    expect(response.status).toBe(201);
    await response.body?.cancel();
  }
});

test("an operator hears of a machine without its secrets, and a handler's key hears its own events whole", async () => {
  await using relay = await startRelay(withKeys);
  const put = (name: string, key: string) =>
    relay.inject({
      ...dns,
      url: `/v1/handlers/${name}`,
      key: operator,
      payload: { event: "machine.create", order: 50, key },
    });
  expect((await put("dns", handlerKey)).status).toBe(201);
  const url = relay.relay.url();
  const own = await subscribe(url, ["*"], { key: handlerKey });
  const all = await subscribe(url, ["*"], { key: operator });
  const browser = await listen(url, ["*"], { key: handlerKey });
  const { body: made } = await relay.inject({ ...machine("web-1"), key: operator });

  const whole = await own.next();
  expect(whole).toMatchObject({ name: "machine.create;handler=dns", resourceId: made.id });
  expect(whole.data.machine.driverConfig).toEqual({ accessToken: "secret-one" });
  let seen = await all.next();
  while (seen.name !== whole.name) seen = await all.next();
  expect(JSON.stringify(seen)).not.toContain("secret-one");
  expect(seen.data.machine).toMatchObject({ id: made.id, name: "web-1" });
  const inBrowser = await browser.next();
  expect(inBrowser.name).toBe(whole.name);
  expect(JSON.stringify(inBrowser)).not.toContain("secret-one");

  await relay.inject({ method: "DELETE", url: `/v1/machines/${made.id}`, key: operator });
  // Nothing of what happened in between was for it.
  expect(await own.next()).toMatchObject({ name: "process.cancel", data: { eventId: whole.id, handler: "dns" } });
  for (const stream of [own, all, browser]) stream.close();
});

test("Last-Event-ID resumes after the last event that was read, or says that it cannot", async () => {
  await using relay = await startRelay();
  const { bus } = relay.relay;
  const url = relay.relay.url();
  const first = await listen(url, ["a.*"]);
  const { lastEventId: start } = await first.nextOfAll();
  bus.publish(notice("a.1"));
  const { lastEventId } = await first.next();
  first.close();
  bus.publish(notice("b.1"));
  bus.publish(notice("a.2"));

  const again = await listen(url, ["a.*"], { headers: { "last-event-id": lastEventId } });
  expect(await again.next()).toMatchObject({ name: "a.2" });
  const fromStart = await listen(url, ["a.*"], { headers: { "last-event-id": start } });
  expect([(await fromStart.next()).name, (await fromStart.next()).name]).toEqual(["a.1", "a.2"]);
  const lost = await listen(url, ["a.*"], { headers: { "last-event-id": "another-relay-7" } });
  expect(await lost.nextOfAll()).toMatchObject({ name: "resume.failed", data: { lastEventId: "another-relay-7" } });
  bus.publish(notice("a.3"));
  for (const stream of [again, fromStart, lost]) {
    expect(await stream.next()).toMatchObject({ name: "a.3" });
    stream.close();
  }
});

test("who asks for one resource hears of it alone, also of what it missed", async () => {
  await using relay = await startRelay();
  const { bus } = relay.relay;
  const url = relay.relay.url();
  const publishAll = (name: string) => {
    for (const id of ["mch_other", null, "mch_own"]) bus.publish(notice(name, null, id));
  };
  const own = { resourceId: "mch_own" };
  const program = await subscribe(url, ["a.*"], own);
  const browser = await listen(url, ["a.*"], own);
  const { lastEventId } = await browser.nextOfAll();
  for (const name of ["a.1", "b.1", "a.2"]) publishAll(name);
  const again = await listen(url, ["a.*"], { ...own, headers: { "last-event-id": lastEventId } });
  for (const stream of [program, browser, again]) {
    expect(await stream.next()).toMatchObject({ name: "a.1", resourceId: "mch_own" });
    expect(await stream.next()).toMatchObject({ name: "a.2", resourceId: "mch_own" });
    stream.close();
  }
});

test("a reader that does not read is dropped at a bounded backlog, and told why; others hear on", async () => {
  await using relay = await startRelay({ streamLimits: { backlogMax: 100, backlogBytesMax: 1024 * 1024 } });
  const { bus } = relay.relay;
  const idle = bus.subscriberCount;
  const other = await subscribe(relay.relay.url(), ["a"]);
  const slow = await subscribeWithoutReading(relay.relay.url(), ["a"]);
  while (bus.subscriberCount < idle + 2) await new Promise(setImmediate);
  const large = notice("a", "x".repeat(64 * 1024));
  // What fits into the kernel's buffers is no backlog: publish until the relay has had enough, reading along elsewhere.
  let published = 0;
  for (; bus.subscriberCount > idle + 1 && published < 2_000; published += 1) {
    bus.publish(large);
    expect((await other.next()).name).toBe("a");
  }
  expect(bus.subscriberCount).toBe(idle + 1);
  let text = "";
  slow.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-2_000);
  });
  await once(slow, "close");
  expect(text).toMatch(
    /"name":"subscriber\.dropped","time":\d+,"data":\{"reason":".* waited to be read: subscribe again/,
  );
  other.close();
});

test("a reader that leaves while its key is looked up is no subscriber", async () => {
  await using relay = await startRelay(withKeys);
  const { relay: running, store } = relay;
  await relay.inject({ ...dns, key: operator, payload: { event: "machine.create", order: 50, key: handlerKey } });
  const idle = running.bus.subscriberCount;
  const asked = Promise.withResolvers<void>();
  const reader = new AbortController();
  const { listHandlers } = store;
  const connected = once(running.app.server, "connection");
  store.listHandlers = async () => {
    store.listHandlers = listHandlers;
    asked.resolve();
    const [socket] = await connected;
    const closed = once(socket, "close");
    reader.abort();
    await closed;
    return listHandlers();
  };
  const left = fetch(`${running.url()}/v1/subscribe?eventNames=a`, {
    headers: { accept: "text/event-stream", authorization: `Bearer ${handlerKey}` },
    signal: reader.signal,
  });
  await expect(left).rejects.toThrow(/abort/);
  await asked.promise;
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(running.bus.subscriberCount).toBe(idle);
});

test("a handler's stream ends with its key, and not with another change", async () => {
  await using relay = await startRelay(withKeys);
  const put = (payload: object) => relay.inject({ ...dns, key: operator, payload });
  await put({ event: "machine.create", order: 50, key: handlerKey });
  const listener = async () => subscribe(relay.relay.url(), ["machine.create;handler=dns"], { key: handlerKey });

  const renewed = await listener();
  await put({ order: 60, key: handlerKey });
  await put({ key: "another-key-56789" });
  expect(await renewed.next()).toMatchObject({
    name: "subscriber.dropped",
    data: { reason: expect.stringContaining("the key of dns is no longer valid") },
  });
  expect(await renewed.next()).toBeNull();

  await put({ key: handlerKey });
  const removed = await listener();
  await relay.inject({ method: "DELETE", url: dns.url, key: operator });
  expect(await removed.next()).toMatchObject({ name: "subscriber.dropped" });
});

test("the streams end at once when the relay stops, also of a reader that does not read", async () => {
  const relay = await startRelay();
  const url = relay.relay.url();
  const streams = [await subscribe(url, ["*"]), await listen(url, ["*"])];
  const slow = await subscribeWithoutReading(url, ["a"]);
  while (relay.relay.bus.subscriberCount < 3) await new Promise(setImmediate);
  for (let count = 0; count < 100; count += 1) relay.relay.bus.publish(notice("a", "x".repeat(64 * 1024)));
  slow.on("error", () => {});
  slow.resume();
  const ended = once(slow, "close");
  await relay[Symbol.asyncDispose]();
  await ended;
  for (const stream of streams) {
    let message = await stream.next();
    while (message) message = await stream.next();
    expect(message).toBeNull();
  }
});

test("an agent's token hears of its own host only, from the form that its script sends too", async () => {
  await using relay = await startRelay({ environment: { API_KEYS: operator, AGENT_LISTEN: "127.0.0.1:0" } });
  const { body: join } = await relay.inject({ method: "POST", url: "/v1/join-tokens", key: operator, payload: {} });
  const [, token] = /v1\/scripts\/([\w-]+)/.exec(join.line) ?? [];
  const [agentUrl] = /http:\/\/[\d.:]+/.exec(join.line) ?? [];
  expect(agentUrl).not.toBe(relay.relay.url());
  const registration = { token, engineId: "one", name: "host-1" };
  const { body: agent } = await relay.inject({ method: "POST", url: "/v1/agents/register", payload: registration });
  const form = new URLSearchParams(`eventNames=host.*&token=${agent.token}`);
  for (const url of [relay.relay.url(), agentUrl]) {
    const response = await fetch(`${url}/v1/subscribe`, { method: "POST", body: form });
    expect(response.status).toBe(201);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('"name":"ping"');
    relay.relay.bus.publish(notice("host.report", {}, "mch_other"));
    relay.relay.bus.publish(notice("host.leave", {}, agent.machineId));
    expect((await reader?.read())?.value).toMatch(/^\{.*"name":"host\.leave".*\}\n$/);
    await reader?.cancel();
  }
  const curious = await relay.inject({
    method: "POST",
    url: "/v1/subscribe",
    key: agent.token,
    payload: { eventNames: ["*"] },
  });
  expect(curious.body).toMatchObject({ status: 403, code: "key.notAllowed", field: "eventNames" });
  // Nor does it hear more by naming another's host; its own it may name.
  const name = (resourceId: string) =>
    fetch(`${agentUrl}/v1/subscribe`, {
      method: "POST",
      body: new URLSearchParams({ eventNames: "host.*", token: agent.token, resourceId }),
    });
  const refused = await name("mch_other");
  expect(await refused.json()).toMatchObject({ status: 403, code: "key.notAllowed", field: "resourceId" });
  const admitted = await name(agent.machineId);
  expect(admitted.status).toBe(201);
  await admitted.body?.cancel();
  // The listener for agents knows nobody else.
  const body = JSON.stringify({ eventNames: ["host.*"] });
  const headers = { "content-type": "application/json", authorization: `Bearer ${operator}` };
  expect((await fetch(`${agentUrl}/v1/subscribe`, { method: "POST", headers, body })).status).toBe(403);
  expect((await fetch(`${agentUrl}/v1/machines`, { headers })).status).toBe(404);
});
