// Which address is spoken to, and what a handler is known to promise.
import { expect, test } from "vitest";
import { Addresses } from "../../../relay/forwarder/addresses.ts";
import { forwarderDefaults, systemClock } from "../../../relay/forwarder/config.ts";
import { replyTo, sendJson, sendProblem, sendText, startFakeFunction } from "./fake-function.ts";
import { handlerAt, quick, setUp } from "./setup.ts";

const twoAddresses = async () => ["127.0.0.1", "127.0.0.2"];

test("of several addresses one is chosen, and its run is spoken to only there, under the name that was configured", async () => {
  const { serve, rows, fire, until } = setUp({}, { lookup: twoAddresses });
  const options = {
    onPost: ({ send }: { send: (event: string, data: unknown) => void }) => send("beat", { number: 1 }),
  };
  const first = await serve(options);
  const second = await serve({ ...options, host: "127.0.0.2", port: first.port }, "other");
  rows.splice(0, rows.length, handlerAt(`http://functions.test:${first.port}/create`));
  const [a, b] = [fire(), fire()];
  await until(() => first.renewals().length > 0 && second.renewals().length > 0);
  const addressOf = (server: typeof first) => (server === first ? "127.0.0.1" : "127.0.0.2");
  for (const server of [first, second]) {
    const process = [a, b].find(({ eventId }) => eventId === server.posts[0]?.event.id)!;
    expect(process.runs[0]?.address).toBe(`${addressOf(server)}:${first.port}`);
    expect(server.posts).toHaveLength(1);
    expect(server.requests.every(({ headers }) => headers.host === `functions.test:${first.port}`)).toBe(true);
    expect(server.requests.filter(({ path }) => path === `/invocations/${process.eventId}`).length).toBeGreaterThan(0);
  }
});

test("an address that refuses costs no run where another one answers", async () => {
  const { serve, rows, fire, until } = setUp({}, { lookup: async () => ["127.0.0.3", "127.0.0.1"] });
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  rows.splice(0, rows.length, handlerAt(`http://functions.test:${server.port}/create`));
  for (const process of [fire(), fire()]) {
    await until(() => process.state === "ended");
    expect(process.runs).toMatchObject([{ address: `127.0.0.1:${server.port}` }]);
    expect(process.unanswered).toEqual([]);
  }
});

test("the least busy address comes first, then the one that was used longest ago, and one that refused comes last", async () => {
  const addresses = new Addresses(forwarderDefaults, systemClock, async () => ["10.0.0.1", "10.0.0.2", "fd00::1"]);
  const url = new URL("https://functions.test/create");
  expect(await addresses.of(url)).toEqual(["10.0.0.1:443", "10.0.0.2:443", "[fd00::1]:443"]);
  const release = addresses.take("10.0.0.1:443");
  expect((await addresses.of(url))[0]).toBe("10.0.0.2:443");
  release();
  expect((await addresses.of(url)).at(-1)).toBe("10.0.0.1:443");
  addresses.avoid("10.0.0.2:443");
  expect(await addresses.of(url)).toEqual(["[fd00::1]:443", "10.0.0.1:443", "10.0.0.2:443"]);
});

test("an address in the URL needs no look-up", async () => {
  const addresses = new Addresses(forwarderDefaults, systemClock, () => Promise.reject(new Error("not asked")));
  expect(await addresses.of(new URL("http://[::1]:8081/"))).toEqual(["[::1]:8081"]);
  expect(await addresses.of(new URL("http://127.0.0.1/"))).toEqual(["127.0.0.1:80"]);
});

test("a check of a good handler says that it is there, ready, which version, and that it keeps leases", async () => {
  const { serve, forwarder } = setUp();
  const server = await serve({
    onOther: ({ path }, response) => {
      sendJson(response, path === "/healthz" ? { version: "1.2.3" } : { status: "ready" });
      return true;
    },
  });
  expect(await forwarder.check(handlerAt(server.url))).toEqual({
    url: server.url,
    addresses: [`127.0.0.1:${server.port}`],
    isReachable: true,
    isReady: true,
    version: "1.2.3",
    keepsLeases: true,
    problem: null,
  });
});

test("a check of a handler that knows none of this finds no leases and no problem", async () => {
  const { serve, forwarder } = setUp();
  const server = await serve({
    onAny: (_recorded, response) => {
      sendText(response, 501, "text/plain", "Unsupported method ('GET')");
      return true;
    },
  });
  expect(await forwarder.check(handlerAt(server.url))).toMatchObject({
    isReachable: true,
    isReady: true,
    keepsLeases: false,
    problem: null,
  });
});

test("a check says what to mend: no URL, nobody there, a web page, a wrong secret, not ready", async () => {
  const { serve, forwarder } = setUp();
  const check = async (url: string) => (await forwarder.check(handlerAt(url))).problem;
  expect(await check("nonsense")).toBe('"nonsense" is no http or https URL');
  expect(await check("http://127.0.0.1:1/create")).toMatch(
    /127\.0\.0\.1:1\/create: expected a connection.*ECONNREFUSED/,
  );

  const webPage = await serve({
    onAny: (_recorded, response) => {
      sendText(response, 200, "text/html", "<!doctype html><h1>Welcome</h1>");
      return true;
    },
  });
  expect(await forwarder.check(handlerAt(webPage.url))).toMatchObject({ isReachable: true, keepsLeases: false });
  expect(await check(webPage.url)).toMatch(/expected a stream of events or a JSON reply, got a web page/);

  const locked = await serve({
    onAny: (_recorded, response) => {
      sendProblem(response, 401, "secret.wrong");
      return true;
    },
  });
  expect(await check(locked.url)).toMatch(/FUNCTIONS_SECRET is the same on both sides, got status 401/);

  const starting = await serve({
    onOther: (_recorded, response) => {
      sendProblem(response, 503, "starting");
      return true;
    },
  });
  expect(await forwarder.check(handlerAt(starting.url))).toMatchObject({ isReachable: true, isReady: false });
  await expect(forwarder.check(handlerAt(null))).rejects.toMatchObject({ code: "handler.noUrl" });
});

test("drivers come from the create handler, and are shown on while it is away", async () => {
  const driver = {
    name: "generic",
    program: { name: "docker-machine", version: "0.16.2", path: "/usr/local/bin/docker-machine" },
    unavailable: null,
    isSimulated: false,
  };
  const { forwarder, rows } = setUp({ driversCacheMs: 0 });
  expect(await forwarder.listDrivers()).toBeNull();
  const asked: string[] = [];
  const server = await startFakeFunction(
    {
      onOther: ({ path }, response) => {
        asked.push(path);
        if (path === "/drivers") sendJson(response, { drivers: [driver] });
        else if (path === "/drivers/generic") sendJson(response, { ...driver, options: [] });
        else sendProblem(response, 404, "driver.unknown", { detail: 'there is no driver "genric"' });
        return true;
      },
    },
    () => {},
  );
  rows.push(handlerAt(server.url));
  expect(await forwarder.describeDriver("generic")).toEqual({ ...driver, options: [] });
  await expect(forwarder.describeDriver("genric")).rejects.toMatchObject({
    code: "driver.unknown",
    message: 'there is no driver "genric"',
  });
  expect(await forwarder.listDrivers()).toEqual([driver]);
  await server.close();
  expect(await forwarder.listDrivers()).toEqual([driver]);
  expect(await forwarder.describeDriver("none")).toBeNull();
  expect(asked).toEqual(["/drivers/generic", "/drivers/genric", "/drivers"]);
});

test("drivers that were asked for a moment ago are not asked for again", async () => {
  const { forwarder, serve } = setUp({ ...quick, driversCacheMs: 60_000 });
  const server = await serve({
    onOther: (_recorded, response) => {
      sendJson(response, { drivers: [] });
      return true;
    },
  });
  await Promise.all([forwarder.listDrivers(), forwarder.listDrivers()]);
  await forwarder.listDrivers();
  expect(server.requests).toHaveLength(1);
});

const question = { machineName: "web-1-xxxxxxxx", driverConfig: {}, engine: {} };
const told = { command: ["docker-machine", "create", "web-1-xxxxxxxx"], environment: ["TOKEN"], files: [] };

test("the command is asked of the create handler each time, and shown as it was told", async () => {
  const { forwarder, serve } = setUp({ ...quick, driversCacheMs: 60_000 });
  const server = await serve({
    onAny: (_recorded, response) => {
      sendJson(response, told);
      return true;
    },
  });
  for (let time = 0; time < 2; time += 1) expect(await forwarder.previewCommand("a/b", question)).toEqual(told);
  expect(server.requests).toMatchObject(
    Array(2).fill({ method: "POST", path: "/drivers/a%2Fb/command", body: question }),
  );
});

test.each<[string, number, string, unknown, object | null]>([
  ["a web page for what is not there", 404, "text/html", "<h1>Not found</h1>", { command: null }],
  ["no such route", 404, "application/problem+json", { code: "route.unknown" }, { command: null }],
  ["no such method", 405, "text/plain", "", { command: null }],
  ["nonsense", 200, "application/json", { command: "docker-machine create" }, null],
  ["a failure", 500, "application/json", {}, null],
  ["a wrong secret", 401, "application/problem+json", { code: "secret.wrong" }, null],
])("functions of somebody else that answer with %s", async (_, status, type, body, expected) => {
  const { forwarder, serve } = setUp();
  await serve({
    onAny: (_recorded, response) => {
      sendText(response, status, type, typeof body === "string" ? body : JSON.stringify(body));
      return true;
    },
  });
  const said = await forwarder.previewCommand("generic", question);
  expect(said).toEqual(expected && { ...expected, environment: [], files: [] });
});

test.each([
  ["option.secretNeedsVariable", "option.secretNeedsVariable"],
  ["option.invalid", "option.invalid"],
  // Of ours, but not for what is wrong in an input.
  ["internal", "function.rejected"],
  ["their.own", "function.rejected"],
])("a refusal with the code %s is passed on as %s", async (code, expected) => {
  const { forwarder, serve } = setUp();
  await serve({
    onAny: (_recorded, response) => {
      const problem = { code, detail: "it is no good", field: "driverConfig.pin", expected: "better", got: 7 };
      sendText(response, 422, "application/problem+json", JSON.stringify(problem));
      return true;
    },
  });
  await expect(forwarder.previewCommand("generic", question)).rejects.toMatchObject({
    ...{ code: expected, status: 422, message: "it is no good", field: "driverConfig.pin", expected: "better" },
    got: undefined,
  });
});

test("without anybody to ask there is no command", async () => {
  const { forwarder, rows } = setUp();
  expect(await forwarder.previewCommand("generic", question)).toBeNull();
  rows.push(handlerAt("http://127.0.0.1:1/create"));
  expect(await forwarder.previewCommand("generic", question)).toBeNull();
});
