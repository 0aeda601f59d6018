// Whatever is wrong is answered with a stable code, the field, what was expected and what was got.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningRelay, startRelay } from "./running-relay.ts";

const post = "POST" as const;
const machines = { method: post, url: "/v1/machines" };

interface Case {
  title: string;
  request: Parameters<Awaited<ReturnType<typeof startRelay>>["inject"]>[0];
  answer: { status: number; code: string; field?: string; expected?: unknown; got?: unknown };
}

const ask = (payload: object) => ({ ...machines, payload });
const web = (more: object) => ask({ name: "web-1", driver: "simulated", ...more });
const ocean = (driverConfig: object) => ask({ name: "web-1", driver: "digitalocean", driverConfig });
const text = (payload: string, type = "application/json") => ({
  ...machines,
  payload,
  headers: { "content-type": type },
});
const handler = (payload: object) => ({ method: "PUT" as const, url: "/v1/handlers/dns", payload });
const dns = { event: "machine.create", order: 200 };
const reply = { name: "reply.evt_1", previousIds: ["evt_1"], resourceType: "machine", resourceId: "mch_1" };
const subscribe = (payload: object) => ({ method: post, url: "/v1/subscribe", payload });

/** Nobody has to guess what was wrong. */
const said = { field: expect.any(String), expected: expect.any(String), got: expect.any(String) };

const cases: Case[] = [
  {
    title: "no JSON",
    request: text("{nope"),
    answer: { status: 400, code: "request.notJson", field: "body", expected: "JSON" },
  },
  {
    title: "a key that would change every object",
    request: text('{"__proto__":{}}'),
    answer: { status: 400, code: "request.notJson" },
  },
  {
    title: "no body",
    request: text(""),
    answer: { status: 400, code: "request.invalid", field: "body", expected: "an object", got: "nothing" },
  },
  {
    title: "a list as the body",
    request: text("[]"),
    answer: { status: 400, code: "request.invalid", field: "body", got: "a list of 0" },
  },
  {
    title: "text",
    request: text("name=a", "text/plain"),
    answer: { status: 415, code: "request.unsupportedMediaType" },
  },
  {
    title: "a form where JSON is wanted",
    request: text("name=a", "application/x-www-form-urlencoded"),
    answer: { status: 415, code: "request.unsupportedMediaType" },
  },
  {
    title: "a body over the limit",
    request: web({ labels: { a: "x".repeat(1024 * 1024) } }),
    answer: { status: 413, code: "request.tooLarge", field: "body", expected: "at most 1048576 bytes" },
  },
  {
    title: "a wrong type",
    request: ask({ name: 7, driver: "simulated" }),
    answer: { status: 400, code: "request.invalid", field: "name", expected: "text", got: "7" },
  },
  {
    title: "a missing field",
    request: ask({ name: "web-1" }),
    answer: { status: 400, code: "request.invalid", field: "driver", got: "nothing" },
  },
  {
    title: "an unknown field",
    request: web({ drivrConfig: {} }),
    answer: { status: 400, code: "request.invalid", field: "drivrConfig" },
  },
  {
    title: "a name that docker-machine would refuse",
    request: ask({ name: "bad name!", driver: "simulated" }),
    answer: { status: 422, code: "machine.nameInvalid", field: "name", got: '"bad name!"' },
  },
  {
    title: "a name that is too long",
    request: ask({ name: "a".repeat(55), driver: "simulated" }),
    answer: { status: 422, code: "machine.nameInvalid" },
  },
  {
    title: "a label's name that cannot be",
    request: web({ labels: { "a b": "c" } }),
    answer: { status: 400, code: "request.invalid", field: "labels", got: '"a b"' },
  },
  {
    title: "a label that is no text",
    request: web({ labels: { a: 1 } }),
    answer: { status: 400, code: "request.invalid", field: "labels.a" },
  },
  {
    title: "an unknown driver",
    request: ask({ name: "web-1", driver: "digitalocaen" }),
    answer: { status: 422, code: "driver.notFound", field: "driver", expected: "digitalocean", got: '"digitalocaen"' },
  },
  {
    title: "a driver that is not available",
    request: ask({ name: "web-1", driver: "exoscale" }),
    answer: { status: 422, code: "driver.unavailable", field: "driver" },
  },
  {
    title: "an unknown option",
    request: ocean({ regoin: "ams3" }),
    answer: { status: 422, code: "option.unknown", field: "driverConfig.regoin", expected: "region", got: "regoin" },
  },
  {
    title: "an option in two spellings",
    request: ocean({ region: "a", "digitalocean-region": "b" }),
    answer: { status: 422, code: "option.invalid", field: "driverConfig.digitalocean-region" },
  },
  {
    title: "a missing option",
    request: ask({ name: "web-1", driver: "none" }),
    answer: { status: 422, code: "option.missing", field: "driverConfig.url", got: "nothing" },
  },
  {
    title: "a missing option whose variable is not set where the functions run",
    request: ask({ name: "web-1", driver: "generic", driverConfig: { ipAddress: "" } }),
    answer: { status: 422, code: "option.missing", field: "driverConfig.ipAddress", got: "nothing" },
  },
  {
    title: "a path where content is wanted",
    request: ocean({ sshKeyPath: "/root/.ssh/id_rsa" }),
    answer: { status: 422, code: "option.invalid", field: "driverConfig.sshKeyPath", got: "text, a path perhaps" },
  },
  {
    title: "content where text is wanted",
    request: ocean({ region: { content: "ams3" } }),
    answer: { status: 422, code: "option.invalid", field: "driverConfig.region", expected: "text" },
  },
  {
    title: "a switch that is no switch",
    request: ocean({ ipv6: "yes" }),
    answer: {
      status: 422,
      code: "option.invalid",
      field: "driverConfig.ipv6",
      expected: "true or false",
      got: '"yes"',
    },
  },
  {
    title: "a secret of the wrong type, which is not repeated",
    request: ocean({ accessToken: null }),
    answer: { status: 400, code: "request.invalid", field: "driverConfig.accessToken", got: "null" },
  },
  {
    title: "the mask in place of a secret",
    request: ocean({ accessToken: "********" }),
    answer: { status: 422, code: "option.invalid", field: "driverConfig.accessToken" },
  },
  {
    title: "the mask in place of a file's content",
    request: ocean({ sshKeyPath: { content: "********" } }),
    answer: { status: 422, code: "option.invalid", field: "driverConfig.sshKeyPath" },
  },
  {
    title: "the mask in place of a secret of the engine",
    request: web({ engine: { environment: { HTTP_PROXY: "********" } } }),
    answer: { status: 422, code: "option.invalid", field: "engine.environment.HTTP_PROXY" },
  },
  {
    title: "an idempotency key with a blank",
    request: { ...web({}), headers: { "idempotency-key": "a b" } },
    answer: { status: 400, code: "request.invalid", field: "idempotency-key" },
  },
  {
    title: "a limit that is no number",
    request: { url: "/v1/machines?limit=ten" },
    answer: {
      status: 400,
      code: "request.invalid",
      field: "limit",
      expected: "an integer from 1 to 200",
      got: '"ten"',
    },
  },
  {
    title: "a limit that is too large",
    request: { url: "/v1/machines?limit=201" },
    answer: { status: 400, code: "request.invalid", field: "limit", got: "201" },
  },
  {
    title: "a limit with a fraction",
    request: { url: "/v1/machines?limit=5.7" },
    answer: { status: 400, code: "request.invalid", field: "limit", got: '"5.7"' },
  },
  {
    title: "a state that is none",
    request: { url: "/v1/machines?state=acitve" },
    answer: { status: 400, code: "request.invalid", field: "state.0" },
  },
  {
    title: "a label without a value",
    request: { url: "/v1/machines?label=tier" },
    answer: { status: 400, code: "request.invalid", field: "label.0", expected: "name=value" },
  },
  {
    title: "a cursor that nobody gave",
    request: { url: "/v1/machines?cursor=abc" },
    answer: { status: 400, code: "request.invalid", field: "cursor" },
  },
  {
    title: "two places where a history is to begin",
    request: { url: "/v1/machines/mch_1/history?after=3&cursor=abc" },
    answer: { status: 400, code: "request.invalid", field: "after", got: "3" },
  },
  {
    title: "an entry of a history before the first",
    request: { url: "/v1/machines/mch_1/history?after=-1" },
    answer: { status: 400, code: "request.invalid", field: "after", expected: "an integer of at least 0", got: "-1" },
  },
  {
    title: "the times of a driver that cannot be",
    request: { url: "/v1/drivers/no%20driver/timings" },
    answer: { status: 400, code: "request.invalid", field: "name", got: '"no driver"' },
  },
  {
    title: "an unknown query",
    request: { url: "/v1/machines?stat=active" },
    answer: { status: 400, code: "request.invalid", field: "stat" },
  },
  {
    title: "a force that is neither",
    request: { method: "DELETE", url: "/v1/machines/x?force=yes" },
    answer: { status: 400, code: "request.invalid", field: "force", expected: "true or false", got: '"yes"' },
  },
  {
    title: "an outcome that is none",
    request: { method: post, url: "/v1/machines/x/resolve", payload: { outcome: "maybe" } },
    answer: { status: 400, code: "request.invalid", field: "outcome", expected: 'one of "nothing", "providerId"' },
  },
  {
    title: "an empty patch",
    request: { method: "PATCH", url: "/v1/machines/x", payload: {} },
    answer: { status: 400, code: "request.invalid", field: "body" },
  },
  {
    title: "a handler's URL that is none",
    request: handler({ ...dns, url: "nope" }),
    answer: { status: 422, code: "handler.invalid", field: "url", got: '"nope"' },
  },
  {
    title: "a handler's URL of another kind",
    request: handler({ ...dns, url: "ftp://a" }),
    answer: { status: 422, code: "handler.invalid", field: "url" },
  },
  {
    title: "a handler's URL with a password, which is not repeated",
    request: handler({ ...dns, url: "http://a:bcdef@c" }),
    answer: { status: 422, code: "handler.invalid", field: "url", got: '"one with a password"' },
  },
  {
    title: "a URL to check that is none, whose query is not repeated",
    request: { method: post, url: "/v1/handlers/dns/check", payload: { url: "ftp://a?token=s3cret" } },
    answer: { status: 422, code: "handler.invalid", field: "url", got: '"ftp://a?token=********"' },
  },
  {
    title: "a URL to check of a handler whose name cannot be",
    request: { method: post, url: "/v1/handlers/A%20B/check", payload: { url: "http://a" } },
    answer: { status: 422, code: "handler.invalid", field: "name" },
  },
  {
    title: "an unknown field of a check",
    request: { method: post, url: "/v1/handlers/create/check", payload: { uri: "http://a" } },
    answer: { status: 400, code: "request.invalid", field: "uri", expected: "one of url" },
  },
  {
    title: "a handler for no event",
    request: handler({ ...dns, event: "machine.nothing" }),
    answer: { status: 400, code: "request.invalid", field: "event" },
  },
  {
    title: "a new handler without an order",
    request: handler({ event: "machine.create" }),
    answer: { status: 422, code: "handler.invalid", field: "order" },
  },
  {
    title: "a handler's key that is too short",
    request: handler({ ...dns, key: "short" }),
    answer: { status: 400, code: "request.invalid", field: "key", got: "text of 5 characters" },
  },
  {
    title: "a handler's name that cannot be",
    request: { ...handler(dns), url: "/v1/handlers/A%20B" },
    answer: { status: 422, code: "handler.invalid", field: "name" },
  },
  {
    title: "one of ours for another event",
    request: { ...handler({ event: "machine.delete" }), url: "/v1/handlers/create" },
    answer: { status: 422, code: "handler.invalid", field: "event" },
  },
  {
    title: "a reply to an unknown event",
    request: { method: post, url: "/v1/publish", payload: reply },
    answer: { status: 404, code: "event.unknown", field: "previousIds", got: '"evt_1"' },
  },
  {
    title: "a reply to nothing",
    request: { method: post, url: "/v1/publish", payload: { ...reply, previousIds: [] } },
    answer: { status: 400, code: "request.invalid", field: "previousIds" },
  },
  {
    title: "a reply with an unknown field",
    request: { method: post, url: "/v1/publish", payload: { ...reply, data: { machine: { state: "active" } } } },
    answer: { status: 422, code: "reply.unknownField", field: "data.machine.state" },
  },
  {
    title: "a subscriber with no names",
    request: subscribe({ eventNames: [] }),
    answer: {
      status: 400,
      code: "request.invalid",
      field: "eventNames",
      expected: "a list of 1 to 1000 names",
      got: "a list of 0",
    },
  },
  {
    title: "a subscriber with 10 000 names",
    request: subscribe({ eventNames: Array(10_000).fill("machine.create") }),
    answer: { status: 400, code: "request.invalid", field: "eventNames", got: "a list of 10000" },
  },
  {
    title: "a subscriber's name with a blank",
    request: subscribe({ eventNames: ["machine create"] }),
    answer: { status: 400, code: "request.invalid", field: "eventNames.0" },
  },
  {
    title: "a subscriber's name that is too long",
    request: subscribe({ eventNames: ["x".repeat(201)] }),
    answer: { status: 400, code: "request.invalid", field: "eventNames.0" },
  },
  {
    title: "a subscriber to a resource without an id",
    request: subscribe({ eventNames: ["a"], resourceId: "" }),
    answer: { status: 400, code: "request.invalid", field: "resourceId" },
  },
  {
    title: "a browser's subscription to nothing",
    request: { url: "/v1/subscribe" },
    answer: { status: 400, code: "request.invalid", field: "eventNames", got: "nothing" },
  },
  {
    title: "an unknown route",
    request: { url: "/v1/machine" },
    answer: { status: 404, code: "route.unknown", field: "path" },
  },
  {
    title: "a method that a path does not have",
    request: { method: "DELETE", url: "/v1/machines" },
    answer: { status: 404, code: "route.unknown" },
  },
  {
    title: "a path that cannot be decoded",
    request: { url: "/v1/machines/%E0%A4%A" },
    answer: { status: 400, code: "request.invalid", field: "path", got: '"/v1/machines/%E0%A4%A"' },
  },
  {
    title: "an id without end",
    request: { url: `/v1/machines/${"a".repeat(3_000)}` },
    answer: { status: 400, code: "request.invalid", field: "path", expected: "a shorter path" },
  },
];

let relay: RunningRelay;
beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay[Symbol.asyncDispose]());

describe("bad input is refused:", () => {
  for (const { title, request, answer } of cases) {
    test(title, async () => {
      const { status, headers, body } = await relay.inject(request);
      expect(body).toMatchObject(said);
      expect(body).toMatchObject(answer);
      expect(status).toBe(answer.status);
      expect(headers["content-type"]).toMatch(/^application\/problem\+json(;|$)/);
    });
  }
});

const unknownIds: [method: "GET" | "POST" | "PATCH" | "DELETE", path: string, code: string, payload?: object][] = [
  ["GET", "/v1/machines/nothing", "machine.unknown"],
  ["PATCH", "/v1/machines/nothing", "machine.unknown", { labels: {} }],
  ["DELETE", "/v1/machines/nothing", "machine.unknown"],
  ["POST", "/v1/machines/nothing/retry", "machine.unknown"],
  ["POST", "/v1/machines/nothing/resolve", "machine.unknown", { outcome: "nothing" }],
  ["POST", "/v1/machines/nothing/report", "machine.unknown"],
  ["GET", "/v1/machines/nothing/history", "machine.unknown"],
  ["GET", "/v1/machines/nothing/stages", "machine.unknown"],
  ["GET", "/v1/machines/nothing/log", "machine.unknown"],
  ["GET", "/v1/machines/nothing/archive", "machine.unknown"],
  ["GET", "/v1/machines/nothing/strays", "machine.unknown"],
  ["GET", "/v1/processes/nothing", "process.unknown"],
  ["POST", "/v1/processes/nothing/fire", "process.unknown"],
  ["GET", "/v1/handlers/nothing", "handler.unknown"],
  ["DELETE", "/v1/handlers/nothing", "handler.unknown"],
  ["GET", "/v1/handlers/nothing/check", "handler.unknown"],
  ["POST", "/v1/handlers/nothing/check", "handler.unknown"],
  ["GET", "/v1/drivers/nothing", "driver.unknown"],
  ["GET", "/v1/scripts/nothing", "token.unknown"],
];

describe("an unknown id is answered with 404:", () => {
  test.for(unknownIds)("%s %s", async ([method, url, code, payload]) => {
    const { body } = await relay.inject({ method, url, ...(payload ? { payload } : {}) });
    expect(body).toMatchObject({ ...said, status: 404, code });
    // An id is whatever was sent, also when it is no id at all.
    const strange = await relay.inject({
      method,
      url: url.replace("nothing", "%3Cb%3E%20'%00"),
      ...(payload ? { payload } : {}),
    });
    expect(strange.body).toMatchObject({ status: 404, code });
  });
});

test("a name that is taken is refused", async () => {
  await using relay = await startRelay();
  await relay.inject(web({}));
  expect((await relay.inject(web({}))).body).toMatchObject({ status: 409, code: "machine.nameTaken", field: "name" });
});

test("an option whose variable is set where the functions run need not be given", async () => {
  await using relay = await startRelay();
  expect((await relay.inject(ask({ name: "web-1", driver: "rackspace" }))).status).toBe(201);
});

test("where the functions cannot be reached, a wish is taken as it is and drivers are not listed", async () => {
  await using relay = await startRelay();
  relay.loseFunctions();
  const { status, body } = await relay.inject(
    ask({ name: "web-1", driver: "simulated", driverConfig: { anything: 1 } }),
  );
  expect([status, body.simulated]).toEqual([201, true]);
  expect((await relay.inject({ url: "/v1/drivers" })).body).toMatchObject({
    status: 502,
    code: "functions.unreachable",
  });
  expect((await relay.inject({ url: "/v1/about" })).body.programs).toBeNull();
});

test("a defect of ours says nothing but where its words are in the log", async () => {
  await using relay = await startRelay();
  relay.relay.processServer.retryMachine = async () => {
    throw new Error("words of ours");
  };
  const { body, text: answer } = await relay.inject({ method: "POST", url: "/v1/machines/x/retry" });
  expect(body).toMatchObject({ status: 500, code: "internal" });
  expect(answer).not.toContain("words of ours");
  expect(relay.logged()).toContain("words of ours");
  expect(relay.logged()).toContain(body.reference);
});
