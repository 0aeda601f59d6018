// A cancel overtakes every queue, renews nothing more, and is through only when the run is known to be over.
import { expect, test } from "vitest";
import type { InvocationState } from "../../../functions/contract.ts";
import { type Recorded, replyTo, sendJson, sendProblem } from "./fake-function.ts";
import { archiveOf } from "./memory-answers.ts";
import { setUp } from "./setup.ts";

function stateOf({ path }: Recorded, more: Partial<InvocationState>): InvocationState {
  const eventId = path.split(/[/?]/)[2] as string;
  return { eventId, run: 1, state: "over", ended: null, checkpoint: null, reply: null, ...more };
}

test("an event that waits in its lane is taken out, and nothing of it is ever sent", async () => {
  const { serve, fire, until, answers, forwarder } = setUp();
  const server = await serve({ onPost: () => {} });
  const first = fire("create", "mch_a");
  await until(() => server.posts.length === 1);
  const second = fire("create", "mch_a");
  answers.cancel(second);
  await until(() => second.state === "ended");
  expect(second.outcome).toBe("cancelled");
  expect(forwarder.statistics()).toMatchObject({ queued: 0 });
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  await until(() => first.state === "ended");
  expect(server.posts).toHaveLength(1);
});

test("a run is ended at its address, and what it says of its end and its last checkpoint is recorded", async () => {
  const { serve, fire, until, answers } = setUp();
  const archive = archiveOf("last");
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      sendJson(
        response,
        stateOf(recorded, { ended: { clean: true, reason: "cancelled" }, checkpoint: { number: 3, archive } }),
      );
      return true;
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(process.runs).toMatchObject([{ isClean: true, endReason: "cancelled" }]);
  expect(process.archive).toBe(archive);
  expect(server.requests.at(-1)?.path).toBe(`/invocations/${process.eventId}?run=1`);
});

test("the reply of a run that was faster than the cancel is recorded as the run's", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      const reply = replyTo(server.posts[0]!.event, { data: { machine: { ipAddress: "10.0.0.9" } } });
      sendJson(response, stateOf(recorded, { reply }));
      return true;
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(process.replies).toMatchObject([{ run: 1, data: { machine: { ipAddress: "10.0.0.9" } } }]);
});

test("the last word on the stream counts as well as the answer to the cancel", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: ({ method }, response) => {
      if (method !== "DELETE") return false;
      const post = server.posts[0]!;
      post.send("ended", { clean: true, reason: "told to stop" });
      post.end();
      sendProblem(response, 404, "invocation.unknown");
      return true;
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(process.runs).toMatchObject([{ isClean: true, endReason: "told to stop" }]);
});

test("from the cancel on nothing is renewed, and an unknown run is over only with its lease", async () => {
  const { serve, fire, until, answers } = setUp({ leaseMs: 200 });
  const server = await serve({ onPost: ({ send }) => send("beat", { number: 1 }) });
  const process = fire();
  await until(() => server.renewals().length > 0);
  const beganAt = performance.now();
  answers.cancel(process);
  server.posts[0]!.send("beat", { number: 2 });
  server.posts[0]!.send("beat", { number: 3 });
  await until(() => process.state === "ended");
  // The renewal came before; so at most a lease has passed since, and more than one question was asked meanwhile.
  expect(performance.now() - beganAt).toBeGreaterThan(100);
  expect(server.renewals().filter(({ beat }) => beat > 1)).toEqual([]);
  expect(server.requests.filter(({ method }) => method === "DELETE").length).toBeGreaterThan(1);
  expect(process.runs).toMatchObject([{ isClean: false }]);
});

test("a run that says that it still runs is asked again", async () => {
  const { serve, fire, until, answers } = setUp();
  let asked = 0;
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      asked += 1;
      const over = { ended: { clean: true, reason: "killed" } };
      sendJson(response, stateOf(recorded, asked < 3 ? { state: "running" } : over));
      return true;
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(asked).toBe(3);
  expect(process.ends).toEqual([{ isClean: true, hasBegun: true, reason: "killed" }]);
});

test("a run that says that it ended unclean is over only with its lease, and is asked again until then", async () => {
  const { serve, fire, until, answers } = setUp({ leaseMs: 200 });
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      sendJson(response, stateOf(recorded, { ended: { clean: false, reason: "cannot be killed" } }));
      return true;
    },
  });
  const process = fire();
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(server.requests.filter(({ method }) => method === "DELETE").length).toBeGreaterThan(1);
  expect(process.ends).toEqual([{ isClean: false, hasBegun: true, reason: "cannot be killed" }]);
});

test("a cancel that comes while a run begins lets nothing of it be sent", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    onPost: ({ event, response }) => sendJson(response, replyTo(event)),
    // Unanswered, so that the end of the run is the beginner's own to tell.
    onInvocation: ({ method }) => method === "DELETE",
  });
  answers.afterBegin = async (process) => {
    answers.cancel(process);
    await until(() => server.requests.some(({ method }) => method === "DELETE"));
  };
  const process = fire();
  await until(() => process.state === "ended");
  expect(process.ends).toEqual([{ isClean: true, hasBegun: false, reason: expect.stringMatching(/^never began/) }]);
  expect(server.posts).toEqual([]);
});

test("a cancel frees the lane at once, although the function holds the stream open", async () => {
  const { serve, fire, until, answers } = setUp({ silenceMs: 60_000 });
  const server = await serve({
    onPost: ({ send }) => send("beat", { number: 1 }),
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      sendJson(response, stateOf(recorded, { ended: { clean: true, reason: "cancelled" } }));
      return true;
    },
  });
  const process = fire("create", "mch_a");
  await until(() => server.renewals().length > 0);
  answers.cancel(process);
  fire("create", "mch_a");
  await until(() => server.posts.length === 2);
  expect(process.state).toBe("ended");
});

test("a start that was refused because of an older run never began, so its cancel need not wait for a lease", async () => {
  const { serve, fire, until, answers } = setUp({ runningRetryMs: 60_000 });
  const server = await serve({ onPost: ({ response }) => sendProblem(response, 409, "invocation.running") });
  const process = fire();
  await until(() => server.posts.length === 1);
  server.posts[0]!.response.on("close", () => setImmediate(() => answers.cancel(process)));
  await until(() => process.state === "ended");
  expect(process.ends).toMatchObject([{ isClean: true, hasBegun: false }]);
});

test("a start that was refused and is on its way again may have begun: its cancel asks for it", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({
    onPost: ({ response }) => {
      if (server.posts.length === 1) sendProblem(response, 409, "invocation.running");
    },
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      sendJson(response, stateOf(recorded, { ended: { clean: true, reason: "cancelled" } }));
      return true;
    },
  });
  const process = fire();
  await until(() => server.posts.length === 2);
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(server.requests.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  expect(process.ends).toMatchObject([{ reason: "cancelled" }]);
});

test("a start that meets the memory of its cancel is answered 410, and the process is over", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({ onPost: () => {} });
  const process = fire();
  await until(() => server.posts.length === 1);
  answers.cancel(process);
  await until(() => server.requests.some(({ method }) => method === "DELETE"));
  sendProblem(server.posts[0]!.response, 410, "invocation.cancelled");
  await until(() => process.state === "ended");
  expect(process.runs).toMatchObject([{ isClean: true }]);
});

test("a cancel after a restart ends the run that is on disk, without any event", async () => {
  const { serve, until, answers } = setUp();
  const server = await serve({
    onInvocation: (recorded, response) => {
      if (recorded.method !== "DELETE") return false;
      sendJson(response, stateOf(recorded, { ended: { clean: true, reason: "cancelled" } }));
      return true;
    },
  });
  const process = answers.open();
  const times = { startedAt: 1, endedAt: null, isClean: null, endReason: null, deadlineAt: null };
  const address = `127.0.0.1:${server.port}`;
  process.runs.push({ eventId: process.eventId, run: 1, url: server.url, address, leaseMs: 60_000, ...times });
  answers.cancel(process);
  await until(() => process.state === "ended");
  expect(process.runs).toMatchObject([{ isClean: true }]);
});

test("a cancel of a subscriber's event is left to the process server", async () => {
  const { until, answers, serve, fire } = setUp();
  const server = await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  const theirs = answers.open("dns");
  const times = { startedAt: 1, endedAt: null, isClean: null, endReason: null, deadlineAt: null };
  theirs.runs.push({ eventId: theirs.eventId, run: 1, url: "bus", address: "bus", leaseMs: null, ...times });
  answers.cancel(theirs);
  const ours = fire();
  await until(() => ours.state === "ended");
  expect(theirs).toMatchObject({ state: "cancelling", runs: [{ endedAt: null }] });
  expect(server.posts).toHaveLength(1);
});

test("a machine that was forgotten by force frees its lane, and its run is told once", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({ onPost: ({ send }) => send("beat", { number: 1 }) });
  const process = fire("create", "mch_a");
  await until(() => server.renewals().length > 0);
  process.state = "ended";
  answers.publishCancel(process);
  await until(() => server.requests.some(({ method }) => method === "DELETE"));
  fire("create", "mch_a");
  await until(() => server.posts.length === 2);
  expect(server.requests.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("without leases the connection that is still open has the last word", async () => {
  const { serve, fire, until, answers } = setUp();
  const server = await serve({ keepsLeases: false, onPost: () => {} });
  const process = fire();
  await until(() => server.posts.length === 1);
  answers.cancel(process);
  await until(() => server.requests.filter(({ method }) => method === "DELETE").length > 1);
  expect(process.state).toBe("cancelling");
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  await until(() => process.state === "ended");
  expect(process.replies).toHaveLength(1);
});
