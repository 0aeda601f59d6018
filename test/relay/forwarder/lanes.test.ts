// Who waits for whom: nobody for another resource, everybody for his own, and all for the cap.
import { expect, test } from "vitest";
import { Lanes } from "../../../relay/forwarder/lanes.ts";
import { replyTo, sendJson } from "./fake-function.ts";
import { setUp } from "./setup.ts";

test("events of one resource are forwarded one after the other, those of others meanwhile", async () => {
  const { serve, fire, until, forwarder } = setUp();
  const server = await serve({ onPost: () => {} });
  const [first, second, other] = [fire("create", "mch_a"), fire("create", "mch_a"), fire("create", "mch_b")];
  await until(() => server.posts.length === 2);
  expect(server.posts.map(({ event }) => event.id).sort()).toEqual([first.eventId, other.eventId].sort());
  expect(forwarder.statistics()).toMatchObject({ lanes: 2, queued: 1, running: 2 });
  expect(forwarder.handlerStatistics("create")).toMatchObject({ queued: 1, inFlight: 2 });

  const post = server.posts.find(({ event }) => event.id === first.eventId)!;
  sendJson(post.response, replyTo(post.event));
  await until(() => server.posts.length === 3);
  expect(first.state).toBe("ended");
  expect(server.posts[2]!.event.id).toBe(second.eventId);
});

test("a lane is gone when nothing is left in it", async () => {
  const { serve, fire, until, forwarder } = setUp();
  await serve({ onPost: ({ event, response }) => sendJson(response, replyTo(event)) });
  const processes = ["mch_a", "mch_a", "mch_b"].map((machineId) => fire("create", machineId));
  await until(() => processes.every(({ state }) => state === "ended"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(forwarder.statistics()).toMatchObject({ lanes: 0, queued: 0, running: 0 });
});

test("a lane that was idle can be used again", async () => {
  const lanes = new Lanes(1);
  const order: number[] = [];
  await lanes.add("a", async () => void order.push(1));
  await lanes.add("a", async () => void order.push(2));
  expect(order).toEqual([1, 2]);
});

test("no more invocations than the cap are under way, and those that wait show that they live", async () => {
  const { serve, fire, until, forwarder } = setUp({ concurrencyMax: 2, keepAliveEveryMs: 10 });
  const server = await serve({ onPost: () => {} });
  const processes = [fire(), fire(), fire(), fire()];
  await until(() => server.posts.length === 2 && processes.every(({ keepAlives }) => keepAlives >= 2));
  expect(server.posts).toHaveLength(2);
  expect(forwarder.statistics()).toMatchObject({ queued: 2, running: 2 });
  for (let index = 0; index < 4; index += 1) {
    await until(() => server.posts.length > index);
    sendJson(server.posts[index]!.response, replyTo(server.posts[index]!.event));
  }
  await until(() => processes.every(({ state }) => state === "ended"));
});

test("waiting for a lease's end takes no place under the cap", async () => {
  const { serve, answers, fire, until } = setUp({ concurrencyMax: 1, leaseMs: 60_000 });
  const server = await serve({
    onPost: ({ event, response }) =>
      event.join ? response.writeHead(404, { "content-type": "application/problem+json" }).end(unknown) : reply(),
  });
  const unknown = JSON.stringify({ code: "invocation.unknown", detail: "unknown" });
  function reply(): void {
    const { response, event } = server.posts.at(-1)!;
    sendJson(response, replyTo(event));
  }
  const waiting = answers.open();
  const address = `127.0.0.1:${server.port}`;
  const times = { startedAt: 1, endedAt: null, isClean: null, endReason: null, deadlineAt: null };
  waiting.runs.push({ eventId: waiting.eventId, run: 1, url: server.url, address, leaseMs: 60_000, ...times });
  answers.fire(waiting);
  await until(() => waiting.progress.length > 0);
  const other = fire();
  await until(() => other.state === "ended");
  expect(waiting.runs[0]?.endedAt).toBeNull();
});

test("another firing of an event that is here is no second job, and one that waits takes the newest archive", async () => {
  const { serve, answers, fire, until } = setUp();
  const server = await serve({ onPost: () => {} });
  const first = fire("create", "mch_a");
  await until(() => server.posts.length === 1);
  const second = fire("create", "mch_a");
  second.archive = "bmV3";
  answers.fire(second);
  answers.fire(first);
  sendJson(server.posts[0]!.response, replyTo(server.posts[0]!.event));
  await until(() => server.posts.length === 2);
  sendJson(server.posts[1]!.response, replyTo(server.posts[1]!.event));
  await until(() => second.state === "ended");
  expect(server.posts.map(({ event }) => event.id)).toEqual([first.eventId, second.eventId]);
  expect(server.posts[1]!.event).toMatchObject({ attempt: 2, data: { machine: { archive: "bmV3" } } });
});
