// Runs and leases: a run that may live is joined, not repeated, and a new one begins only when the old one is over.
import { expect, test } from "vitest";
import type { Run } from "../../../relay/store/types.ts";
import { type FakeFunctionOptions, replyTo, sendJson, sendProblem } from "./fake-function.ts";
import { archiveOf, type ProcessInMemory } from "./memory-answers.ts";
import { handlerAt, setUp, silentLog } from "./setup.ts";

/** As if an earlier process of the relay had started it. */
function addRun(process: ProcessInMemory, run: Partial<Run> & { url: string; address: string }): Run {
  const added: Run = {
    eventId: process.eventId,
    run: process.runs.length + 1,
    leaseMs: 60_000,
    deadlineAt: null,
    startedAt: 1,
    endedAt: null,
    isClean: null,
    endReason: null,
    ...run,
  };
  process.runs.push(added);
  return added;
}

const unknownToJoins: FakeFunctionOptions = {
  onPost: ({ event, response, send, end }) => {
    if (event.join) return sendProblem(response, 404, "invocation.unknown");
    send("reply", replyTo(event));
    end();
  },
};

test("a run from before a restart is joined at its own address, wherever the handler's row points now", async () => {
  const { serve, answers, until, rows } = setUp();
  const old = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  rows.splice(0, rows.length, handlerAt("http://127.0.0.1:1/elsewhere"));
  const process = answers.open();
  addRun(process, { url: old.url, address: `127.0.0.1:${old.port}` });
  answers.fire(process);
  await until(() => process.state === "ended");
  expect(old.posts.map(({ event }) => [event.run, event.join, event.leaseMs])).toEqual([[1, true, 60_000]]);
  expect(process.runs).toHaveLength(1);
});

test("a removed handler's live run is finished first", async () => {
  const { serve, answers, until, rows } = setUp();
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  rows.splice(0, rows.length);
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}` });
  answers.fire(process);
  await until(() => process.state === "ended");
  expect(process.outcome).toBe("replied");
});

test("stopping ends the streams at once, ends no run, and the next process joins it", async () => {
  const { serve, fire, until, answers, forwarder, create } = setUp();
  const server = await serve({
    onPost: ({ event, send, end }) => {
      send("beat", { number: 1 });
      if (!event.join) return;
      send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  let isClosed = false;
  server.posts[0]!.response.on("close", () => {
    isClosed = true;
    answers.changed();
  });
  await forwarder.stop();
  await until(() => isClosed);
  expect(process.runs).toMatchObject([{ run: 1, endedAt: null }]);
  expect(process.unanswered).toEqual([]);

  const next = create();
  next.start();
  answers.fire(process);
  await until(() => process.state === "ended");
  await next.stop();
  expect(server.posts.map(({ event }) => event.join)).toEqual([false, true]);
});

test("an unknown join is no proof: the run's lease is waited for, said so, and then a new run begins", async () => {
  const leaseMs = 300;
  const { serve, answers, until } = setUp({ leaseMs, keepAliveEveryMs: 20 });
  answers.refireMs = 1;
  const server = await serve(unknownToJoins);
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, leaseMs });
  answers.fire(process);
  await until(() => process.progress.length > 0);
  expect(process.progress[0]?.message).toMatch(/^Waiting 1 s until the earlier run at http:.* is certain to be over$/);
  expect(process.runs).toHaveLength(1);
  await until(() => process.state === "ended");
  expect(process.runs).toMatchObject([
    { run: 1, isClean: false, endReason: expect.stringContaining("end of the lease") },
    { run: 2, isClean: true },
  ]);
  expect(process.keepAlives).toBeGreaterThan(0);
  // Asked once to join, then nothing more until the lease was over, then once what it kept.
  const asked = server.requests.filter(
    ({ method, path }) => method !== "POST" && path.startsWith(`/invocations/${process.eventId}`),
  );
  expect(server.posts.map(({ event }) => [event.run, event.join])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /invocations/${process.eventId}?run=1`]);
});

test("after a restart a full lease is counted from its start, however long ago the run began", async () => {
  let monotonicMs = 1_000_000;
  const clock = { now: () => Date.now(), monotonic: () => monotonicMs };
  const { serve, answers, until } = setUp({ leaseMs: 60_000 }, { clock });
  const server = await serve(unknownToJoins);
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, startedAt: 1 });
  answers.fire(process);
  await until(() => process.progress.length > 0);
  expect(process.progress[0]?.message).toContain("Waiting 60 s");
  monotonicMs += 59_999;
  // Another firing wakes the wait, and finds that it is not over.
  answers.fire(process);
  await until(() => process.progress.length > 1);
  expect(process.progress[1]?.message).toContain("Waiting 1 s");
  expect(process.runs[0]?.endedAt).toBeNull();
  monotonicMs += 1;
  answers.fire(process);
  await until(() => process.unanswered.length > 0);
  expect(process.runs[0]).toMatchObject({ isClean: false });
});

test("a renewal moves the lease's end, and what was never renewed ended clean", async () => {
  for (const isRenewed of [true, false]) {
    let monotonicMs = 0;
    const clock = { now: () => Date.now(), monotonic: () => monotonicMs };
    const { serve, answers, until, fire } = setUp({ leaseMs: 60_000 }, { clock });
    const server = await serve({
      onPost: ({ event, response, send }) => {
        if (event.join) return sendProblem(response, 404, "invocation.unknown");
        send("progress", { message: "here", progress: null, stage: null });
      },
    });
    const process = fire();
    await until(() => process.progress.length > 0);
    monotonicMs = 50_000;
    if (isRenewed) {
      server.posts[0]!.send("beat", { number: 1 });
      await until(() => server.renewals().length > 0);
    }
    server.posts[0]!.response.destroy();
    await until(() => process.unanswered.length > 0);
    answers.fire(process);
    await until(() => process.progress.length > 1);
    expect(process.progress[1]?.message).toContain(isRenewed ? "Waiting 60 s" : "Waiting 10 s");
    monotonicMs += 60_000;
    answers.fire(process);
    await until(() => process.unanswered.length > 1);
    expect(process.ends).toMatchObject([{ isClean: !isRenewed, hasBegun: isRenewed }]);
  }
});

test("a run keeps the lease that it was promised, whatever is configured now", async () => {
  const { serve, answers, until } = setUp({ leaseMs: 50, keepAliveEveryMs: 20 });
  const server = await serve(unknownToJoins);
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, leaseMs: 60_000 });
  answers.fire(process);
  await until(() => process.progress.length > 0);
  expect(process.progress[0]?.message).toMatch(/^Waiting (60|59) s /);
});

test("a reply that the old address kept is taken before a new run begins", async () => {
  const { serve, answers, until } = setUp({ leaseMs: 100 });
  const server = await serve({
    ...unknownToJoins,
    onInvocation: ({ method, path }, response) => {
      if (method !== "GET") return false;
      const eventId = path.split(/[/?]/)[2] as string;
      const event = answers.eventOf(answers.processes.get(eventId)!, 1);
      const state = {
        eventId,
        run: 1,
        state: "over",
        ended: null,
        checkpoint: null,
        reply: replyTo(event, { run: 1 }),
      };
      sendJson(response, state);
      return true;
    },
  });
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, leaseMs: 100 });
  answers.fire(process);
  await until(() => server.renewals().some(({ reply }) => reply === true));
  expect(process.replies).toMatchObject([{ run: 1, transitioning: "no" }]);
  expect(process.runs).toHaveLength(1);
});

test("a newer checkpoint that the old address kept is in the archive of the next run", async () => {
  const { serve, answers, until } = setUp({ leaseMs: 100 });
  answers.refireMs = 1;
  const archive = archiveOf("kept");
  const server = await serve({
    ...unknownToJoins,
    onInvocation: ({ method, path }, response) => {
      if (method !== "GET") return false;
      const eventId = path.split(/[/?]/)[2] as string;
      const ended = { clean: true, reason: "lease" };
      sendJson(response, { eventId, run: 1, state: "over", ended, checkpoint: { number: 4, archive }, reply: null });
      return true;
    },
  });
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, leaseMs: 100 });
  answers.fire(process);
  await until(() => process.state === "ended");
  expect(process.runs[0]).toMatchObject({ isClean: true });
  expect(server.posts.at(-1)?.event.data.machine.archive).toBe(archive);
});

test("a run that says that it ended is ended as it says, and a fresh event begins the next one", async () => {
  const { serve, fire, until, answers } = setUp();
  answers.refireMs = 1;
  const archive = archiveOf("checkpoint");
  const server = await serve({
    onPost: ({ event, send, end }) => {
      send("beat", { number: 1 });
      if (event.run === 1) {
        send("checkpoint", { number: 1, archive });
        send("ended", { clean: true, reason: "deadline" });
      } else send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.unanswered).toMatchObject([{ code: "function.ended", message: expect.stringContaining("deadline") }]);
  expect(process.runs).toMatchObject([{ isClean: true, endReason: "deadline" }, { run: 2 }]);
  expect(server.posts[1]?.event).toMatchObject({ run: 2, join: false, data: { machine: { archive } } });
});

test("a run that says that it ended unclean is waited for until its lease is over", async () => {
  const { serve, fire, until, answers } = setUp({ leaseMs: 200 });
  answers.refireMs = 1;
  const server = await serve({
    onPost: ({ event, send, end }) => {
      send("beat", { number: 1 });
      if (event.run === 1) send("ended", { clean: false, reason: "cannot be killed" });
      else send("reply", replyTo(event));
      end();
    },
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.progress[0]?.message).toMatch(/^Waiting 1 s until the earlier run/);
  expect(process.ends).toMatchObject([{ isClean: false, hasBegun: true }]);
  expect(server.posts.map(({ event }) => [event.run, event.join])).toEqual([
    [1, false],
    [2, false],
  ]);
});

test("a start that an older run stands in the way of is tried again, under the same run, until it may begin", async () => {
  const { serve, fire, until } = setUp();
  let refusals = 0;
  const server = await serve({
    onPost: ({ event, response }) => {
      refusals += 1;
      if (refusals <= 2) return sendProblem(response, 409, "invocation.running");
      sendJson(response, replyTo(event));
    },
  });
  const process = fire();
  await until(() => process.state === "ended");
  expect(server.posts.map(({ event }) => [event.run, event.join])).toEqual([
    [1, false],
    [1, false],
    [1, false],
  ]);
  expect(process.unanswered).toEqual([]);
});

test("a start that was refused and then taken is joined when it is lost, and its lease counts from the one that was taken", async () => {
  let monotonicMs = 0;
  const clock = { now: () => Date.now(), monotonic: () => monotonicMs };
  const { serve, fire, until, answers } = setUp({ leaseMs: 60_000 }, { clock });
  const server = await serve({
    onPost: ({ event, response }) => {
      if (event.join) return sendProblem(response, 404, "invocation.unknown");
      if (server.posts.length === 2) return void response.destroy();
      monotonicMs = 50_000;
      sendProblem(response, 409, "invocation.running");
    },
  });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  answers.fire(process);
  await until(() => process.progress.length > 0);
  expect(process.progress[0]?.message).toContain("Waiting 60 s");
  expect(server.posts.map(({ event }) => event.join)).toEqual([false, false, true]);
});

test("a run that ended before its first renewal did nothing", async () => {
  const { serve, fire, until } = setUp();
  await serve({
    onPost: ({ send, end }) => {
      send("ended", { clean: true, reason: "shutting down" });
      end();
    },
  });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.ends).toEqual([{ isClean: true, hasBegun: false, reason: "shutting down" }]);
});

test("a start that is refused for longer than a lease ends as never begun", async () => {
  const { serve, fire, until } = setUp({ leaseMs: 100 });
  await serve({ onPost: ({ response }) => sendProblem(response, 409, "invocation.running") });
  const process = fire();
  await until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.running", isCounted: true });
  expect(process.runs).toMatchObject([{ isClean: true, endReason: expect.stringMatching(/^never began/) }]);
});

test("without leases a lost run is not posted again before its deadline", async () => {
  const { serve, answers, until } = setUp();
  answers.refireMs = 1;
  const server = await serve({
    keepsLeases: false,
    onPost: ({ event, response }) => sendJson(response, replyTo(event)),
  });
  const process = answers.open();
  const deadlineAt = Date.now() + 200;
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}`, leaseMs: null, deadlineAt });
  answers.fire(process);
  await until(() => process.progress.length > 0);
  expect(server.posts).toEqual([]);
  await until(() => process.state === "ended");
  expect(process.runs[0]?.endedAt).toBeGreaterThanOrEqual(deadlineAt);
  expect(process.runs[0]?.isClean).toBe(false);
  expect(server.posts.map(({ event }) => event.run)).toEqual([2]);
});

test("a join that is answered with an error reply's status is no proof: the run may live", async () => {
  const { serve, answers, until } = setUp();
  const server = await serve({ onPost: ({ response }) => sendProblem(response, 422, "event.invalid") });
  const process = answers.open();
  addRun(process, { url: server.url, address: `127.0.0.1:${server.port}` });
  answers.fire(process);
  await until(() => process.unanswered.length > 0);
  expect(process.replies).toEqual([]);
  expect(process.runs).toMatchObject([{ endedAt: null }]);
});

test("a reply that comes too late changes nothing and is no error", async () => {
  const errors: string[] = [];
  const log = { ...silentLog, error: (_about: object, message: string) => errors.push(message) };
  const { serve, fire, until } = setUp({}, { log });
  const server = await serve({ onPost: () => {} });
  const late = fire("create", "mch_same");
  await until(() => server.posts.length === 1);
  late.state = "ended";
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  // In the same lane, so the late reply has been dealt with when this one is asked.
  const next = fire("create", "mch_same");
  await until(() => server.posts.length === 2);
  sendJson(server.posts[1]!.response, replyTo(server.posts[1]!.event));
  await until(() => next.state === "ended");
  expect(late.replies).toEqual([]);
  expect(late.unanswered).toEqual([]);
  expect(errors).toEqual([]);
});
