// Functions that answer nonsense, too much, too little, or nothing: each is shown in plain words, and none is believed.
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type FakeFunctionOptions, type Post, replyTo, sendJson, sendProblem, sendText } from "./fake-function.ts";
import { handlerAt, setUp } from "./setup.ts";

/** A start that is answered like this leaves the run as it may live, to be joined; the reason is shown. */
const unknownOutcomes: [title: string, onPost: (post: Post) => void, code: string, message: RegExp][] = [
  [
    "a web page",
    ({ response }) => sendText(response, 200, "text/html", "<html>Welcome</html>"),
    "function.nonsense",
    /expected a stream of events or a JSON reply, got text\/html: "<html>Welcome/,
  ],
  [
    "half a stream",
    ({ send, end }) => {
      send("beat", { number: 1 });
      end();
    },
    "function.lost",
    /got the end of the stream/,
  ],
  [
    "a stream that breaks",
    ({ send, response }) => {
      send("beat", { number: 1 });
      setImmediate(() => response.destroy());
    },
    "function.lost",
    /got a broken connection/,
  ],
  [
    "two replies",
    ({ event, send, end }) => {
      send("reply", replyTo(event));
      send("reply", replyTo(event, { transitioning: "error" }));
      end();
    },
    "function.nonsense",
    /expected exactly one reply, got 2 last words/,
  ],
  ["a 200 without a body", ({ response }) => response.writeHead(200).end(), "function.nonsense", /without a body/],
  ["a 204", ({ response }) => response.writeHead(204).end(), "function.nonsense", /status 204 without a body/],
  [
    "JSON that is no reply",
    ({ response }) => sendJson(response, { ok: true }),
    "function.nonsense",
    /got no reply: .*name/,
  ],
  [
    "a body that only says that it is JSON",
    ({ response }) => sendText(response, 200, "application/json", "{"),
    "function.nonsense",
    /got no reply/,
  ],
  [
    "a reply to another event",
    ({ event, response }) => sendJson(response, replyTo(event, { previousIds: ["evt_other"] })),
    "function.nonsense",
    /got a reply to evt_other/,
  ],
  [
    "a reply for another resource",
    ({ event, response }) => sendJson(response, replyTo(event, { resourceId: "mch_other" })),
    "function.nonsense",
    /of mch_other/,
  ],
  [
    "a reply of another run",
    ({ event, response }) => sendJson(response, replyTo(event, { run: 5 })),
    "function.nonsense",
    /got a reply of run 5/,
  ],
  [
    "a JSON reply that is only progress",
    ({ event, response }) => sendJson(response, replyTo(event, { transitioning: "yes" })),
    "function.nonsense",
    /got a reply that is "yes"/,
  ],
  ["a beat that is none", ({ send }) => send("beat", { number: "1" }), "function.nonsense", /got a beat that is none/],
  [
    "a redirect",
    ({ response }) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    "function.redirect",
    /got status 302 to http:\/\/127\.0\.0\.1:1\//,
  ],
  ["a wrong secret", ({ response }) => sendProblem(response, 401, "secret.wrong"), "function.unauthorized", /SECRET/],
  [
    "a 404",
    ({ response }) => sendText(response, 404, "text/html", "no"),
    "function.notFound",
    /takes POST at this URL/,
  ],
  ["a 500", ({ response }) => sendText(response, 500, "text/plain", "oops"), "function.failed", /got status 500/],
  ["a gateway's 502", ({ response }) => sendText(response, 502, "text/html", "bad"), "function.unreachable", /502/],
  ["a teapot", ({ response }) => response.writeHead(418).end(), "function.unexpectedStatus", /got status 418/],
];

test.each(unknownOutcomes)("a start answered by %s proves nothing: shown, and the run may live", async (...row) => {
  const [, onPost, code, message] = row;
  const { serve, fire, until } = setUp();
  const server = await serve({ onPost });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code, isCounted: true });
  expect(process.unanswered[0]?.message).toMatch(message);
  expect(process.unanswered[0]?.message).toContain(server.url);
  expect(process.runs).toMatchObject([{ run: 1, endedAt: null }]);
  expect(process.replies).toEqual([]);
});

test("the next attempt after an unknown outcome joins the run instead of starting another", async () => {
  const { serve, fire, until, answers } = setUp();
  answers.refireMs = 1;
  const server = await serve({
    onPost: ({ event, response }) =>
      event.join ? sendJson(response, replyTo(event)) : sendText(response, 200, "text/html", "<html>"),
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(server.posts.map(({ event }) => [event.run, event.join])).toEqual([
    [1, false],
    [1, true],
  ]);
});

test("a reply that is larger than the limit is dropped, streamed or not", async () => {
  const huge = "x".repeat(20_000);
  for (const respond of [
    ({ event, response }: Post) => sendJson(response, replyTo(event, { transitioningMessage: huge })),
    ({ event, send }: Post) => send("reply", replyTo(event, { transitioningMessage: huge })),
  ]) {
    const { serve, fire, until } = setUp({ messageBytesMax: 10_000 });
    await serve({ onPost: respond });
    const process = fire();
    await until(() => process.unanswered.length > 0);
    expect(process.unanswered[0]).toMatchObject({ code: "function.tooLarge" });
    expect(process.unanswered[0]?.message).toContain("10000 bytes");
  }
});

test("a stream without a byte is given up after the silence limit and joined again", async () => {
  const { serve, fire, until, answers } = setUp({ silenceMs: 50 });
  answers.refireMs = 60_000;
  const server = await serve({
    onPost: ({ event, send, end }) => {
      if (!event.join) return send("beat", { number: 1 });
      send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.unanswered).toMatchObject([{ code: "function.silent", retryAfterMs: 0 }]);
  expect(server.posts.map(({ event }) => event.join)).toEqual([false, true]);
});

test("a keeper of leases that shows no header in time is given up, and its run may live", async () => {
  const { serve, fire, until } = setUp({ firstByteTimeoutMs: 50 });
  await serve({ onPost: () => {} });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.slow" });
  expect(process.runs[0]?.endedAt).toBeNull();
});

test("a handler without leases may be silent for longer than that while its connection is open", async () => {
  const { serve, fire, until } = setUp({ firstByteTimeoutMs: 50, silenceMs: 50, keepAliveEveryMs: 20 });
  const server = await serve({ keepsLeases: false, onPost: () => {} });
  const process = fire();
  // Ten signs of life take four times as long as either limit.
  await until(() => process.keepAlives >= 10);
  expect(process.unanswered).toEqual([]);
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  await until(() => process.state === "ended");
  expect(server.posts).toHaveLength(1);
});

test("a refused port is shown before any run begins", async () => {
  const { rows, fire, until } = setUp();
  const port = await closedPort();
  rows.push(handlerAt(`http://127.0.0.1:${port}/create`));
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.unreachable", isCounted: true });
  expect(process.unanswered[0]?.message).toMatch(/expected a connection, got connect ECONNREFUSED/);
  expect(process.runs).toEqual([]);
});

test("a start whose connection is refused proves that the run never began", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    // The start then needs a connection of its own.
    onAny: (_recorded, response) => {
      response.setHeader("connection", "close");
      return false;
    },
    onPost: ({ event, response }) => sendJson(response, replyTo(event)),
  });
  // It goes away between the question whether it keeps leases and the start.
  answers.beforeBegin = () => server.close();
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.unreachable" });
  expect(process.runs).toMatchObject([{ isClean: true, endReason: expect.stringMatching(/^never began/) }]);
});

test("a host name that cannot be resolved, and a URL that is none, are told apart from silence", async () => {
  const { rows, fire, until } = setUp({}, { lookup: () => Promise.reject(new Error("getaddrinfo ENOTFOUND nowhere")) });
  rows.push(handlerAt("http://nowhere.test/create"), handlerAt("ftp://nowhere.test/", "dns"));
  const [create, dns] = [fire(), fire("dns")];
  await until(() => create.unanswered.length > 0 && dns.unanswered.length > 0);
  expect(create.unanswered[0]?.message).toMatch(/ENOTFOUND nowhere/);
  expect(dns.unanswered[0]?.message).toMatch(/no http or https URL/);
});

test.each([400, 422])("a %i with problem+json becomes an error reply in the problem's words", async (status) => {
  const { serve, fire, until } = setUp();
  await serve({
    onPost: ({ response }) => sendProblem(response, status, "option.unknown", { detail: "unknown option --reigon" }),
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.replies).toMatchObject([
    { run: 1, transitioning: "error", code: "option.unknown", transitioningMessage: "unknown option --reigon" },
  ]);
  expect(process.replies[0]).not.toHaveProperty("data");
  expect(process.unanswered).toEqual([]);
});

test("a 422 without a problem ends the run as never begun, and is fired again", async () => {
  const { serve, fire, until } = setUp();
  await serve({ onPost: ({ response }) => sendText(response, 422, "text/plain", "no") });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.rejected" });
  expect(process.runs).toMatchObject([{ isClean: true, endReason: expect.stringMatching(/^never began/) }]);
});

test("a 410 ends the run as never begun", async () => {
  const { serve, fire, until } = setUp();
  await serve({ onPost: ({ response }) => sendProblem(response, 410, "invocation.cancelled") });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.runs).toMatchObject([{ isClean: true }]);
});

test.each([
  [429, { "retry-after": "3" }, 3_000],
  [503, { "retry-after": "3" }, 3_000],
  [503, { "retry-after": "86400" }, 10_000],
  [503, {}, 20],
])("a %i with %o is fired again after that time, within bounds and uncounted", async (status, headers, waitMs) => {
  const { serve, fire, until } = setUp({ retryAfterMsMax: 10_000 });
  await serve({ onPost: ({ response }) => sendProblem(response, status, "busy", { headers }) });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.busy", retryAfterMs: waitMs, isCounted: false });
  expect(process.runs).toMatchObject([{ isClean: true }]);
});

test("a handler that is not ready yet is given no run", async () => {
  const { serve, fire, until, answers } = setUp();
  answers.refireMs = 1;
  let isReady = false;
  const options: FakeFunctionOptions = {
    onPost: ({ event, response }) => sendJson(response, replyTo(event)),
    onOther: ({ path }, response) => {
      if (path !== "/readyz" || isReady) return false;
      isReady = true;
      sendProblem(response, 503, "starting");
      return true;
    },
  };
  await serve(options);
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.unanswered).toMatchObject([{ code: "function.busy", isCounted: false }]);
  expect(process.runs).toHaveLength(1);
});

test("without leases a whole but faulty answer ends its run, and a broken connection ends it at the deadline only", async () => {
  const { serve, fire, until } = setUp();
  await serve({ keepsLeases: false, onPost: ({ response }) => sendText(response, 200, "text/html", "<html>") });
  const faulty = fire();
  await until(() => faulty.unanswered.length > 0);
  expect(faulty.runs).toMatchObject([{ isClean: false, endReason: expect.stringContaining("text/html") }]);

  const server = await serve({ keepsLeases: false, onPost: ({ response }) => void response.destroy() });
  const broken = fire();
  await until(() => broken.unanswered.length > 0);
  expect(broken.unanswered[0]).toMatchObject({ code: "function.lost" });
  expect(broken.runs).toMatchObject([{ endedAt: null }]);
  expect(server.posts).toHaveLength(1);
});

test("one defect of ours is recorded as an unanswered attempt, and the lane goes on", async () => {
  const { serve, fire, until, answers, forwarder } = setUp();
  await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  answers.beforeBegin = () => Promise.reject(new TypeError("disk on fire"));
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "forwarder.failed" });
  answers.beforeBegin = async () => {};
  answers.fire(process);
  await until(() => process.state === "ended");
  expect(forwarder.statistics().handlers[0]?.replies).toBe(1);
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("what a handler repeats of the secrets that it was sent is masked in the log, and in what is shown of the handler", async () => {
  const lines: string[] = [];
  const note = (...said: unknown[]) => void lines.push(JSON.stringify(said));
  const log = { debug: note, info: note, warn: note, error: note };
  const { serve, answers, until, forwarder } = setUp({}, { log });
  await serve({ onPost: ({ response }) => sendText(response, 200, "text/html", "no such token: tok-very-secret") });
  const process = answers.open();
  const event = answers.eventOf(process, Date.now());
  const machine = { ...event.data.machine, driverConfig: { accessToken: "tok-very-secret" } };
  answers.bus.publish({ ...event, data: { machine } });
  await until(() => process.unanswered.length > 0);
  expect(lines.join()).toContain("no such token: ********");
  expect(lines.join()).not.toContain("tok-very-secret");
  expect(forwarder.handlerStatistics("create")?.lastError?.message).toContain("no such token: ********");
});
