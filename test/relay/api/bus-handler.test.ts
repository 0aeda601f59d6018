// Handlers without a URL: they listen on the bus, and answer by publishing.
import { expect, test } from "vitest";
import { type RunningRelay, startRelay } from "./running-relay.ts";
import { listen, subscribe } from "./streams.ts";

const operator = "operator-key-0123";
const dnsKey = "dns-key-0123456789";
const checkKey = "check-key-012345678";
const withKeys = { environment: { API_KEYS: operator } };

async function put(relay: RunningRelay, name: string, payload: object) {
  const { status } = await relay.inject({ method: "PUT", url: `/v1/handlers/${name}`, key: operator, payload });
  expect([200, 201]).toContain(status);
}

async function publish(relay: RunningRelay, key: string, event: { id: string; resourceId: string }, more: object = {}) {
  const reply = {
    name: `reply.${event.id}`,
    previousIds: [event.id],
    resourceType: "machine",
    resourceId: event.resourceId,
  };
  return relay.inject({ method: "POST", url: "/v1/publish", key, payload: { ...reply, ...more } });
}

const create = {
  method: "POST" as const,
  url: "/v1/machines",
  key: operator,
  payload: { name: "web-1", driver: "simulated" },
};

test("subscribers handle a whole create, each with its key, one after the other", async () => {
  await using relay = await startRelay(withKeys);
  await put(relay, "create", { url: null, key: checkKey });
  await put(relay, "dns", { event: "machine.create", order: 200, key: dnsKey });
  await put(relay, "bootstrap", { url: null });
  const url = relay.relay.url();
  const first = await subscribe(url, ["machine.create"], { key: checkKey });
  const second = await subscribe(url, ["machine.create;handler=dns"], { key: dnsKey });
  const third = await subscribe(url, ["machine.bootstrap"], { key: operator });
  const { body: made } = await relay.inject(create);

  const one = await first.next();
  const progress = { transitioning: "yes", transitioningMessage: "half way", transitioningProgress: 50 };
  expect((await publish(relay, checkKey, one, progress)).status).toBe(201);
  const done = { transitioning: "no", data: { machine: { ipAddress: "203.0.113.7", "+labels": { a: "b" } } } };
  expect((await publish(relay, checkKey, one, done)).body).toEqual({});
  const again = await publish(relay, checkKey, one, done);
  expect(again.body).toMatchObject({ status: 409, code: "event.over" });

  const two = await second.next();
  expect(two.data.machine).toMatchObject({ ipAddress: "203.0.113.7", labels: { a: "b" } });
  const { body: process } = await relay.inject({ url: `/v1/processes/${made.process.id}`, key: operator });
  expect(process.handlers).toMatchObject([
    { name: "create", state: "done", eventId: one.id },
    { name: "dns", state: "active", eventId: two.id },
  ]);
  expect((await publish(relay, dnsKey, two)).status).toBe(201);

  const three = await third.next();
  expect(three.name).toBe("machine.bootstrap;handler=bootstrap");
  expect((await publish(relay, operator, three)).status).toBe(201);
  const { body: machine } = await relay.inject({ url: `/v1/machines/${made.id}`, key: operator });
  expect(machine).toMatchObject({ state: "active", transitioning: "no", ipAddress: "203.0.113.7", process: null });
  for (const stream of [first, second, third]) stream.close();
});

test("nobody answers for another: not another handler, not an operator where there is a key, nobody where there is a URL", async () => {
  await using relay = await startRelay(withKeys);
  await put(relay, "first", { event: "machine.create", order: 1, key: checkKey });
  await put(relay, "dns", { event: "machine.create", order: 200, key: dnsKey });
  const stream = await subscribe(relay.relay.url(), ["machine.create"], { key: checkKey });
  const { body: made } = await relay.inject(create);
  const event = await stream.next();
  stream.close();
  for (const key of [dnsKey, operator]) {
    expect((await publish(relay, key, event)).body).toMatchObject({ status: 403, code: "event.notYours" });
  }
  // Its run is not another machine's either.
  const foreign = await publish(relay, checkKey, { id: event.id, resourceId: "mch_other" });
  expect(foreign.body).toMatchObject({ status: 404, code: "event.unknown" });
  expect((await publish(relay, checkKey, event)).status).toBe(201);
  const { body: process } = await relay.inject({ url: `/v1/processes/${made.process.id}`, key: operator });
  const byUrl = { id: process.handlers[1].eventId, resourceId: made.id };
  expect(process.handlers[1]).toMatchObject({ name: "create", state: "active" });
  expect((await publish(relay, operator, byUrl)).body).toMatchObject({ status: 403, code: "event.notYours" });
});

test("an archive that is no archive is refused, and an error reply is shown on the machine", async () => {
  await using relay = await startRelay(withKeys);
  await put(relay, "create", { url: null, key: checkKey });
  const stream = await subscribe(relay.relay.url(), ["machine.create"], { key: checkKey });
  const { body: made } = await relay.inject(create);
  const event = await stream.next();
  stream.close();
  const nonsense = await publish(relay, checkKey, event, { data: { machine: { archive: "bm90aGluZw==" } } });
  expect(nonsense.body).toMatchObject({ status: 422, code: "archive.invalid", field: "data.machine.archive" });
  const otherRun = await publish(relay, checkKey, event, { run: 7 });
  expect(otherRun.body).toMatchObject({ status: 409, code: "event.otherRun" });
  const failed = { transitioning: "error", transitioningMessage: "the cloud is full", code: "driver.failed" };
  expect((await publish(relay, checkKey, event, failed)).status).toBe(201);
  const { body: machine } = await relay.inject({ url: `/v1/machines/${made.id}`, key: operator });
  expect(machine).toMatchObject({
    state: "error",
    transitioning: "error",
    transitioningMessage: "the cloud is full",
    error: { code: "driver.failed", message: "the cloud is full" },
  });
  const retried = await relay.inject({ method: "POST", url: `/v1/machines/${made.id}/retry`, key: operator });
  expect([retried.status, retried.body.state, retried.body.process.id === made.process.id]).toEqual([
    202,
    "creating",
    false,
  ]);
});

test("a handler that nobody stands in for is waited for, and asked at once when it comes, whoever else looks on", async () => {
  await using relay = await startRelay({ environment: { API_KEYS: operator, SILENCE_MS: "50" } });
  await put(relay, "first", { event: "machine.create", order: 1, key: checkKey });
  const url = relay.relay.url();
  const page = await listen(url, ["*"], { key: operator });
  const other = await subscribe(url, ["machine.*"], { key: operator });
  const { body: made } = await relay.inject(create);
  let change = await page.next();
  while (!change.data.machine?.process?.error) change = await page.next();
  expect(change.data.machine.process.error).toMatchObject({ code: "handler.absent" });
  const { attempt } = change.data.machine.process;
  const stream = await subscribe(url, ["machine.create"], { key: checkKey });
  const event = await stream.next();
  expect(event).toMatchObject({ resourceId: made.id, name: "machine.create;handler=first" });
  expect(event.attempt).toBeGreaterThan(attempt);
  for (const each of [page, other, stream]) each.close();
});
