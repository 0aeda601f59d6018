// An event on its way to a function and its reply on the way back, when all goes well.
import { expect, test } from "vitest";
import { replyTo, sendJson } from "./fake-function.ts";
import { archiveOf } from "./memory-answers.ts";
import { handlerAt, setUp } from "./setup.ts";

test("a start carries run, lease and secret, and the streamed reply is recorded as that run's", async () => {
  const { serve, fire, until } = setUp({ functionsSecret: "hush-hush-hush-hush", leaseMs: 30_000 });
  const server = await serve({
    onPost: ({ event, send, end }) => {
      send("beat", { number: 1 });
      send("progress", { message: "Creating machine...", progress: 40, stage: "create" });
      send("log", { stream: "stdout", line: "Creating machine..." });
      send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => process.state === "ended");

  const { event, request } = server.posts[0]!;
  expect(event).toMatchObject({ id: process.eventId, run: 1, join: false, leaseMs: 30_000 });
  expect(event).not.toHaveProperty("deadlineMs");
  expect(request.headers).toMatchObject({
    authorization: "Bearer hush-hush-hush-hush",
    accept: "text/event-stream, application/json",
    host: `127.0.0.1:${server.port}`,
  });
  expect(process.runs).toMatchObject([
    { run: 1, url: server.url, address: `127.0.0.1:${server.port}`, leaseMs: 30_000, deadlineAt: null },
  ]);
  expect(process.progress).toEqual([{ message: "Creating machine...", progress: 40, stage: "create" }]);
  expect(process.log).toEqual([{ stream: "stdout", line: "Creating machine..." }]);
  expect(process.replies).toMatchObject([{ run: 1, transitioning: "no", transitioningMessage: "done" }]);
});

test("address and run are on disk before the first byte of the event is sent", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  let postsBeforeDisk = -1;
  answers.beforeBegin = async () => {
    postsBeforeDisk = server.posts.length;
  };
  const process = fire();
  await until(() => process.state === "ended");
  expect(postsBeforeDisk).toBe(0);
  expect(server.posts).toHaveLength(1);
});

test("the first beat is answered by a renewal at once, later ones regularly, and a checkpoint after it is on disk", async () => {
  const { serve, fire, until } = setUp();
  const archive = archiveOf("first");
  const server = await serve({
    onPost: ({ send }) => {
      send("beat", { number: 7 });
    },
  });
  const process = fire();
  await until(() => server.renewals().length >= 1);
  expect(server.renewals()[0]).toEqual({ run: 1, beat: 7, checkpoint: 0 });

  server.posts[0]!.send("beat", { number: 8 });
  await until(() => server.renewals().some(({ beat }) => beat === 8));

  server.posts[0]!.send("checkpoint", { number: 1, archive });
  await until(() => server.renewals().some(({ checkpoint }) => checkpoint === 1));
  expect(process.checkpoints).toEqual([{ run: 1, archive }]);

  server.posts[0]!.send("reply", replyTo(server.posts[0]!.event));
  server.posts[0]!.end();
  await until(() => server.renewals().some(({ reply }) => reply === true));
  expect(process.state).toBe("ended");
  expect(server.renewals().at(-1)).toEqual({ run: 1, beat: 8, checkpoint: 1, reply: true });
});

test("a reply is not acknowledged before it is recorded", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    onPost: ({ event, send, end }) => {
      send("beat", { number: 1 });
      send("reply", replyTo(event));
      end();
    },
  });
  let acknowledgedBefore: boolean | null = null;
  answers.beforeReply = async () => {
    await until(() => server.renewals().length > 0);
    acknowledgedBefore = server.renewals().some(({ reply }) => reply);
  };
  fire();
  await until(() => server.renewals().some(({ reply }) => reply === true));
  expect(acknowledgedBefore).toBe(false);
});

test("a handler without leases is sent a deadline and no lease, and its JSON answer is a reply", async () => {
  const { serve, fire, until } = setUp({ deadlineMs: 60_000 });
  const server = await serve({
    keepsLeases: false,
    onPost: ({ event, response }) =>
      sendJson(response, replyTo(event, { data: { machine: { ipAddress: "10.0.0.1" } } })),
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(server.posts[0]!.event).not.toHaveProperty("leaseMs");
  expect(server.posts[0]!.event.deadlineMs).toBeLessThanOrEqual(60_000);
  expect(server.posts[0]!.event.deadlineMs).toBeGreaterThan(50_000);
  expect(process.runs[0]).toMatchObject({ leaseMs: null, deadlineAt: expect.any(Number) });
  expect(process.replies[0]?.data?.machine?.ipAddress).toBe("10.0.0.1");
  expect(server.renewals()).toEqual([]);
});

test("a reply that says yes is progress, and the final one follows", async () => {
  const { serve, fire, until } = setUp();
  await serve({
    onPost: ({ event, send, end }) => {
      const progress = { transitioningMessage: "half-way", transitioningProgress: 50 };
      send("reply", replyTo(event, { transitioning: "yes", ...progress }));
      send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.progress).toEqual([{ message: "half-way", progress: 50, stage: null }]);
  expect(process.replies).toHaveLength(1);
});

test("an event for a handler that is a subscriber is left to it", async () => {
  const { serve, answers, until, forwarder } = setUp();
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  const theirs = answers.open("dns");
  answers.bus.publish({ ...answers.eventOf(theirs, 1), name: "machine.create;handler=dns" });
  const ours = answers.open();
  answers.fire(ours);
  await until(() => ours.state === "ended");
  expect(server.posts.map(({ event }) => event.id)).toEqual([ours.eventId]);
  expect(forwarder.handlerStatistics("dns")).toBeNull();
});

test("each event goes to the URL that its handler's row has when it begins", async () => {
  const { serve, answers, until, rows } = setUp();
  const first = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  const dns = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) }, "dns");
  const [a, b] = [answers.open("create"), answers.open("dns")];
  answers.fire(a);
  answers.fire(b);
  await until(() => a.state === "ended" && b.state === "ended");
  expect(first.posts.map(({ event }) => event.id)).toEqual([a.eventId]);
  expect(dns.posts.map(({ event }) => event.id)).toEqual([b.eventId]);

  rows.splice(0, rows.length, handlerAt(null));
  const c = answers.open("create");
  answers.fire(c);
  await until(() => c.unanswered.length > 0);
  expect(c.unanswered[0]).toMatchObject({ code: "handler.noUrl" });
  expect(c.runs).toEqual([]);
});

test("a firing that was on its way when the last run ended begins nothing: it is fired again with the newest archive", async () => {
  const { serve, answers, until } = setUp();
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  const process = answers.open();
  process.runs.push({
    eventId: process.eventId,
    run: 1,
    url: server.url,
    address: "127.0.0.1:1",
    leaseMs: 60_000,
    deadlineAt: null,
    startedAt: 0,
    endedAt: 2_000,
    isClean: true,
    endReason: "lease",
  });
  answers.fire(process, 1_999);
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ retryAfterMs: 0, isCounted: false });
  expect(server.posts).toEqual([]);
});

test("a clock that was set back makes nobody fire again and again before it has caught up", async () => {
  const { serve, answers, until } = setUp({ retryAfterMsMax: 120_000 });
  const server = await serve({ onPost: () => {} });
  const process = answers.open();
  process.runs.push({
    eventId: process.eventId,
    run: 1,
    url: server.url,
    address: new URL(server.url).host,
    leaseMs: 60_000,
    deadlineAt: null,
    startedAt: 1,
    endedAt: Date.now() + 60_000,
    isClean: true,
    endReason: "ended",
  });
  answers.fire(process);
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]?.retryAfterMs).toBeGreaterThan(50_000);
  expect(process.unanswered[0]?.retryAfterMs).toBeLessThanOrEqual(60_000);
});

test("statistics tell what is in flight, how long replies take, and what went wrong last", async () => {
  const { serve, fire, until, forwarder } = setUp();
  const server = await serve({ onPost: () => {} });
  const [first] = [fire()];
  await until(() => server.posts.length === 1);
  expect(forwarder.statistics()).toMatchObject({ lanes: 1, queued: 0, running: 1 });
  expect(forwarder.handlerStatistics("create")).toMatchObject({
    inFlight: 1,
    places: [{ url: server.url, inFlight: 1 }],
    replies: 0,
  });
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  await until(() => first!.state === "ended");
  const second = fire();
  await until(() => server.posts.length === 2);
  server.posts[1]!.response.writeHead(500).end();
  await until(() => second.unanswered.length > 0);
  expect(forwarder.handlerStatistics("create")).toMatchObject({
    inFlight: 0,
    places: [],
    replies: 1,
    meanReplyMs: expect.any(Number),
    errors: 1,
    lastError: { code: "function.failed" },
  });
});

test("during a swap each URL has its own count, and none has a secret in it", async () => {
  const { serve, rows, fire, until, forwarder } = setUp();
  const server = await serve({ onPost: () => {} });
  const places = () => forwarder.handlerStatistics("create")?.places;
  const urls = [`${server.url}?token=s3cret-one`, `${server.url}-2?token=s3cret-two`];
  rows.splice(0, 1, handlerAt(urls[0]!));
  const [first] = [fire(), fire()];
  await until(() => server.posts.length === 2);
  rows.splice(0, 1, handlerAt(urls[1]!));
  const last = fire();
  await until(() => server.posts.length === 3);
  expect(places()).toEqual([
    { url: `${server.url}?token=********`, inFlight: 2 },
    { url: `${server.url}-2?token=********`, inFlight: 1 },
  ]);
  // Whole where it is used.
  expect(server.posts.map(({ request }) => request.url)).toEqual([
    ...["/create?token=s3cret-one", "/create?token=s3cret-one"],
    "/create-2?token=s3cret-two",
  ]);
  const answered = server.posts.find(({ event }) => event.id === first!.eventId)!;
  sendJson(answered.response, replyTo(answered.event));
  server.posts[2]!.response.writeHead(302, { location: "/elsewhere?token=s3cret-two" }).end();
  await until(() => first!.state === "ended" && last.unanswered.length > 0);
  expect(places()).toEqual([{ url: `${server.url}?token=********`, inFlight: 1 }]);
  expect(last.unanswered[0]?.message).toContain("status 302 to /elsewhere?token=********");
  expect(JSON.stringify([last.unanswered, last.progress, forwarder.handlerStatistics("create")])).not.toContain(
    "s3cret",
  );
});
