import { request } from "undici";
import { expect, test } from "vitest";
import { startRelay } from "./running-relay.ts";

const operator = "operator-key-0123";
const another = "another-key-01234";
const handlerKey = "handler-key-45678";

const paths = ["/v1/machines", "/v1/processes", "/v1/handlers", "/v1/drivers", "/v1/about", "/metrics"];

test("with keys, nothing of a machine is seen without one", async () => {
  await using relay = await startRelay({ environment: { API_KEYS: `${operator},${another}` } });
  for (const url of paths) {
    const missing = await relay.inject({ url });
    expect(missing.body).toMatchObject({ status: 401, code: "key.missing", field: "authorization" });
    expect(missing.headers["www-authenticate"]).toMatch(/^Bearer/);
    const wrong = await relay.inject({ url, key: `${operator}4` });
    expect(wrong.body).toMatchObject({ status: 401, code: "key.wrong" });
    expect(wrong.text).not.toContain(operator);
    const basic = await relay.inject({ url, headers: { authorization: `Basic ${btoa(`:${operator}`)}` } });
    expect(basic.body).toMatchObject({ status: 401, code: "key.wrong" });
    for (const key of [operator, another]) expect((await relay.inject({ url, key })).status).toBe(200);
  }
  expect(relay.logged()).not.toContain(operator);
});

test("with keys, subscribing and publishing want one too, and a page shows no machine", async () => {
  await using relay = await startRelay({ environment: { API_KEYS: operator } });
  await relay.inject({
    method: "POST",
    url: "/v1/machines",
    key: operator,
    payload: { name: "web-1", driver: "simulated" },
  });
  const payload = { eventNames: ["*"] };
  expect((await relay.inject({ method: "POST", url: "/v1/subscribe", payload })).body).toMatchObject({
    code: "key.missing",
  });
  expect((await relay.inject({ url: "/v1/subscribe?eventNames=a" })).body).toMatchObject({ code: "key.missing" });
  const published = await relay.inject({ method: "POST", url: "/v1/publish", payload: "nonsense" });
  expect(published.body).toMatchObject({ status: 401, code: "key.missing" });
  const page = await relay.inject({ url: "/" });
  expect([page.status, page.text.includes("web-1")]).toEqual([expect.toBeOneOf([200, 503]), false]);
  for (const url of ["/healthz", "/readyz", "/openapi.json", "/docs"])
    expect((await relay.inject({ url })).status).toBe(200);
});

test("the key of a handler opens its events and its replies, and nothing else", async () => {
  await using relay = await startRelay({ environment: { API_KEYS: operator } });
  const payload = { event: "machine.create", order: 200, key: handlerKey };
  const made = await relay.inject({ method: "PUT", url: "/v1/handlers/dns", key: operator, payload });
  expect(made.body).toMatchObject({ hasKey: true });
  expect(made.text).not.toContain(handlerKey);
  for (const url of paths) {
    const { body } = await relay.inject({ url, key: handlerKey });
    expect(body).toMatchObject({ status: 403, code: "key.notAllowed" });
  }
});

test("without keys, a wrong key is still wrong", async () => {
  await using relay = await startRelay();
  expect((await relay.inject({ url: "/v1/machines", key: another })).body).toMatchObject({
    status: 401,
    code: "key.wrong",
  });
});

test("without keys, a foreign Host is refused and the names of this machine are not", async () => {
  await using relay = await startRelay();
  const url = `${relay.relay.url()}/v1/machines`;
  const ask = async (host: string) => (await request(url, { headers: { host } })).statusCode;
  const port = new URL(url).port;
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    "10.0.0.1",
    "localhost.evil",
  ]) {
    expect([host, await ask(host)]).toEqual([host, 421]);
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "LOCALHOST:9000"]) {
    expect([host, await ask(host)]).toEqual([host, 200]);
  }
  for (const path of ["/", "/docs", "/v1/subscribe?eventNames=a"]) {
    const { body } = await relay.inject({ url: path, headers: { host: "evil.example" } });
    if (body) expect(body).toMatchObject({ status: 421, code: "host.foreign", field: "host", got: '"evil.example"' });
    else expect.fail(`${path} answered a foreign host`);
  }
});

test("a page of another origin is refused, with and without keys", async () => {
  for (const key of [undefined, operator]) {
    const environment: Record<string, string> = key === undefined ? {} : { API_KEYS: key };
    await using relay = await startRelay({ environment });
    const ask = (origin: string, method: "GET" | "POST" = "GET") => {
      const headers = { host: "localhost:80", origin };
      return relay.inject({ method, url: "/v1/machines", headers, ...(key === undefined ? {} : { key }) });
    };
    for (const origin of ["http://evil.example", "http://localhost:81", "null"]) {
      expect((await ask(origin, "POST")).body).toMatchObject({ status: 403, code: "origin.foreign", field: "origin" });
    }
    expect((await ask("http://localhost:80")).status).toBe(200);
  }
});

test("every answer forbids scripts from elsewhere, and does not say what serves it", async () => {
  await using relay = await startRelay();
  for (const url of ["/", "/docs", "/v1/machines", "/nothing"]) {
    const { headers } = await relay.inject({ url });
    expect(headers["content-security-policy"]).toMatch(/default-src 'none';script-src 'self'/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
  }
});
