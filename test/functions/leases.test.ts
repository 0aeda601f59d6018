// contract.md, "Runs and leases": each rule as a sentence.
import { expect, test } from "vitest";
import type { InvocationState } from "../../functions/contract.ts";
import { FunctionProblem } from "../../functions/problem.ts";
import { isGroupEmpty } from "../../functions/programs/process-group.ts";
import type { WorkContext } from "../../functions/work.ts";
import { eventOf, leased, minute, startScene, until } from "./functions-scene.ts";

test("a run with a lease does no work before its first renewal", async () => {
  const { work, open, renew } = await startScene();
  const event = leased();
  const stream = await open(event);
  expect(await stream.next("beat")).toEqual({ number: 1 });
  expect(work.contexts).toHaveLength(0);
  const begun = work.begun();
  expect((await renew(event, { beat: 1 })).status).toBe(204);
  await begun;
  work.finish();
  expect(await stream.next("reply")).toMatchObject({ run: 1, transitioning: "no" });
});

test("a second renewal does not start the work a second time", async () => {
  const { work, open, renew } = await startScene();
  const event = leased();
  await open(event);
  await renew(event, {});
  await renew(event, {});
  expect(work.contexts).toHaveLength(1);
});

test("a run that never sees its first renewal ends after leaseMs, clean", async () => {
  const { work, open } = await startScene();
  const stream = await open(leased({ leaseMs: 100 }));
  expect(await stream.next("ended")).toMatchObject({ clean: true, reason: expect.stringContaining("lease") });
  await stream.ended;
  expect(work.contexts).toHaveLength(0);
});

test("the lease counts from the moment the beat was sent, not from the renewal that names it", async () => {
  const { open, renew, work } = await startScene({ beatEveryMs: 50 });
  const event = leased({ leaseMs: 1500 });
  const stream = await open(event);
  await stream.next("beat");
  const begun = work.begun();
  await renew(event, { beat: 1 });
  await begun;
  // Beats go on, but all renewals name the first one: they put nothing off.
  while (!stream.names().includes("ended")) await renew(event, { beat: 1 });
  expect(await stream.next("ended")).toMatchObject({ clean: true });
});

test("a run whose newest beats are named lives on past its first lease", async () => {
  const { open, renew, work } = await startScene({ beatEveryMs: 50 });
  const event = leased({ leaseMs: 800 });
  const stream = await open(event);
  const firstEnd = performance.now() + 800;
  while (performance.now() < firstEnd + 200) {
    const { number } = await stream.next("beat");
    expect((await renew(event, { beat: number })).status).toBe(204);
  }
  expect(work.contexts).toHaveLength(1);
  expect(work.contexts[0]?.signal.aborted).toBe(false);
});

test("a lease that has ended is never revived", async () => {
  const { open, renew, ask } = await startScene();
  const event = leased({ leaseMs: 100 });
  const stream = await open(event);
  await stream.next("ended");
  const answer = await renew(event, { beat: 1 });
  expect(answer.status).toBe(410);
  expect(answer.body.code).toBe("lease.ended");
  expect((await ask<InvocationState>("GET", `/invocations/${event.id}`)).body.state).toBe("over");
});

test("a beat that was never sent renews nothing", async () => {
  const { open, renew, work } = await startScene();
  const event = leased();
  const stream = await open(event);
  await stream.next("beat");
  const answer = await renew(event, { beat: 2 });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ code: "beat.unknown", field: "beat", got: "2" });
  expect(work.contexts).toHaveLength(0);
});

test("beats are sent every beatEveryMs and count up", async () => {
  const { open } = await startScene({ beatEveryMs: 10 });
  const stream = await open(leased());
  for (const number of [1, 2, 3]) expect(await stream.next("beat")).toEqual({ number });
});

test("a renewal acknowledges checkpoints up to its number, and none that was never sent", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  const context = await begun;
  context.checkpoint("Zmlyc3Q=");
  context.checkpoint("c2Vjb25k");
  expect(await stream.next("checkpoint")).toEqual({ number: 1, archive: "Zmlyc3Q=" });
  expect(await stream.next("checkpoint")).toEqual({ number: 2, archive: "c2Vjb25k" });
  const look = async () => (await ask<InvocationState>("GET", `/invocations/${event.id}`)).body.checkpoint;

  await renew(event, { checkpoint: 1 });
  expect(await look()).toEqual({ number: 2, archive: "c2Vjb25k" });
  expect((await renew(event, { checkpoint: 3 })).body.code).toBe("checkpoint.unknown");
  expect(await look()).not.toBeNull();
  await renew(event, { checkpoint: 2 });
  expect(await look()).toBeNull();
});

test("losing the stream does not end a run with a lease; a join hears beat, progress, newest checkpoint, and the reply", async () => {
  const { open, renew, work } = await startScene();
  const event = leased();
  const first = await open(event);
  const begun = work.begun();
  await renew(event, {});
  const context = await begun;
  context.progress("Booting", 40, "boot");
  await first.next("progress");
  first.lose();
  await first.ended;
  context.progress("Provisioning", 60, "provisioning");
  context.checkpoint("b25l");
  context.checkpoint("dHdv");
  expect(context.signal.aborted).toBe(false);

  const second = await open({ ...event, join: true });
  expect(await second.next("beat")).toEqual({ number: 2 });
  expect(await second.next("progress")).toEqual({ message: "Provisioning", progress: 60, stage: "provisioning" });
  expect(await second.next("checkpoint")).toEqual({ number: 2, archive: "dHdv" });
  work.finish();
  expect(await second.next("reply")).toMatchObject({ transitioning: "no" });
  await second.ended;
  expect(second.names()).toEqual(["beat", "progress", "checkpoint", "reply"]);
});

test("a join of a run that is over gets the kept reply, as often as it asks", async () => {
  const { open, renew, work } = await startScene();
  const event = leased();
  const first = await open(event);
  const begun = work.begun();
  await renew(event, {});
  await begun;
  first.lose();
  work.finish();
  for (const beat of [2, 3]) {
    const joined = await open({ ...event, join: true });
    await joined.ended;
    expect(joined.messages).toMatchObject([
      { event: "beat", data: { number: beat } },
      { event: "reply", data: { transitioning: "no" } },
    ]);
  }
});

test("a new stream takes the place of the old one", async () => {
  const { open } = await startScene();
  const event = leased();
  const first = await open(event);
  await first.next("beat");
  const second = await open({ ...event, join: true });
  expect(await second.next("beat")).toEqual({ number: 2 });
  await first.ended;
});

test("a join of an unknown run is answered 404 invocation.unknown", async () => {
  const { ask } = await startScene();
  const answer = await ask("POST", "/create", leased({ join: true }), { accept: "text/event-stream" });
  expect(answer.status).toBe(404);
  expect(answer.body.code).toBe("invocation.unknown");
});

test("a renewal of an unknown run is answered 404 invocation.unknown", async () => {
  const { open, renew } = await startScene();
  expect((await renew(leased(), {})).body).toMatchObject({ status: 404, code: "invocation.unknown" });
  const event = leased();
  await open(event);
  expect((await renew({ ...event, run: 2 }, {})).body).toMatchObject({ status: 404, code: "invocation.unknown" });
});

test("whoever asks for /invocations/none learns that leases are kept here", async () => {
  const { ask } = await startScene();
  expect((await ask("GET", "/invocations/none")).body).toMatchObject({ status: 404, code: "invocation.unknown" });
});

test("a higher run waits until the group of the lower one is empty, then drops its reply and begins", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const first = await open(event);
  const begun = work.begun();
  await renew(event, {});
  const context = await begun;
  let group = 0;
  const running = context.run(["sh", "-c", "echo $$; sleep 1000 & wait"], {
    onLine: (_, line) => {
      group = Number(line);
    },
  });
  await until(() => group !== 0, "the program runs");

  const refused = await ask("POST", "/create", { ...event, run: 2 }, { accept: "text/event-stream" });
  expect(refused.status).toBe(409);
  expect(refused.body.code).toBe("invocation.running");
  expect(isGroupEmpty(group)).toBe(false);

  await ask("DELETE", `/invocations/${event.id}`);
  expect(isGroupEmpty(group)).toBe(true);
  await running;
  await first.ended;
  const second = await open({ ...event, run: 2 });
  expect(await second.next("beat")).toEqual({ number: 1 });
  const state = await ask<InvocationState>("GET", `/invocations/${event.id}`);
  expect(state.body).toMatchObject({ run: 2, state: "running", reply: null });
});

test("a higher run drops the kept reply of a lower one that is over", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  await begun;
  work.finish();
  await stream.ended;
  await open({ ...event, run: 2 });
  expect((await ask<InvocationState>("GET", `/invocations/${event.id}`)).body).toMatchObject({ run: 2, reply: null });
});

test("a lower run than the known one is superseded, whatever it asks", async () => {
  const { open, renew, ask } = await startScene();
  const event = leased({ run: 3 });
  await open(event);
  const lower = { ...event, run: 2 };
  const accept = { accept: "text/event-stream" };
  for (const answer of [
    await ask("POST", "/create", lower, accept),
    await ask("POST", "/create", { ...lower, join: true }, accept),
    await renew(lower, {}),
    await ask("DELETE", `/invocations/${event.id}?run=2`),
  ]) {
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe("invocation.superseded");
  }
});

test("the same run started twice works once: 409 while it runs, its outcome when it is over, 409 once that is acknowledged", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const first = await open(event);
  const begun = work.begun();
  await renew(event, {});
  await begun;
  const accept = { accept: "text/event-stream" };
  expect((await ask("POST", "/create", event, accept)).body).toMatchObject({ status: 409, code: "invocation.running" });
  work.finish();
  await first.ended;

  const second = await open(event);
  expect(await second.next("reply")).toMatchObject({ transitioning: "no" });
  expect((await renew(event, { reply: true })).status).toBe(204);
  expect((await ask("POST", "/create", event, accept)).body).toMatchObject({ status: 409, code: "invocation.over" });
  expect(work.contexts).toHaveLength(1);
});

test("two starts that arrive together make one run", async () => {
  const { ask, open, work } = await startScene();
  const checked = Promise.withResolvers<void>();
  work.onCheck = () => checked.promise;
  const event = leased();
  const first = open(event);
  await until(() => work.checks === 1, "the first is being checked");
  const second = await ask("POST", "/create", event, { accept: "text/event-stream" });
  expect(second.body.code).toBe("invocation.running");
  checked.resolve();
  await (await first).next("beat");
});

test("a reply is kept until it is acknowledged; then only that the run is over is known", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  (await begun).checkpoint("b25l");
  work.finish();
  await stream.ended;
  const look = async () => (await ask<InvocationState>("GET", `/invocations/${event.id}`)).body;
  expect(await look()).toMatchObject({
    run: 1,
    state: "over",
    ended: { clean: true },
    checkpoint: { number: 1, archive: "b25l" },
    reply: { transitioning: "no" },
  });
  expect((await renew(event, { checkpoint: 1, reply: true })).status).toBe(204);
  expect(await look()).toMatchObject({ state: "over", ended: { clean: true }, checkpoint: null, reply: null });
});

test("a reply can be acknowledged after the end of the lease", async () => {
  const { open, renew, work } = await startScene();
  const event = leased({ leaseMs: 500 });
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  await begun;
  work.finish();
  await stream.ended;
  const leaseEnd = performance.now() + 500;
  await until(() => performance.now() > leaseEnd, "the lease is over");
  expect((await renew(event, { reply: true })).status).toBe(204);
});

test("a cancel kills the group, waits for it, and answers with what is known", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  const context = await begun;
  context.checkpoint("b25l");
  let group = 0;
  void context.run(["sh", "-c", "echo $$; sh -c 'sleep 1000 & sleep 1000' & wait"], {
    onLine: (_, line) => {
      group = Number(line);
    },
  });
  await until(() => group !== 0, "the program runs");
  const answer = await ask<InvocationState>("DELETE", `/invocations/${event.id}`);
  expect(isGroupEmpty(group)).toBe(true);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    eventId: event.id,
    run: 1,
    state: "over",
    ended: { clean: true, reason: "It was cancelled." },
    checkpoint: { number: 1, archive: "b25l" },
    reply: null,
  });
  expect(await stream.next("ended")).toMatchObject({ clean: true });
  expect((await renew(event, {})).body).toMatchObject({ status: 410, code: "invocation.cancelled" });
});

test("a cancel of a run that is over answers with its kept reply", async () => {
  const { open, renew, work, ask } = await startScene();
  const event = leased();
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  await begun;
  work.finish();
  await stream.ended;
  const answer = await ask<InvocationState>("DELETE", `/invocations/${event.id}?run=1`);
  expect(answer.body).toMatchObject({ state: "over", reply: { transitioning: "no" } });
});

test("a cancel for an unknown id is remembered: a start that arrives later gets 410", async () => {
  const { ask, work } = await startScene();
  const event = leased();
  expect((await ask("DELETE", `/invocations/${event.id}`)).body).toMatchObject({
    status: 404,
    code: "invocation.unknown",
  });
  for (const run of [1, 2]) {
    const answer = await ask("POST", "/create", { ...event, run }, { accept: "text/event-stream" });
    expect(answer.body).toMatchObject({ status: 410, code: "invocation.cancelled" });
  }
  expect(work.checks).toBe(0);
});

test("a cancel that names a run is remembered for that run and lower ones", async () => {
  const { ask, open } = await startScene();
  const event = leased({ run: 2 });
  await ask("DELETE", `/invocations/${event.id}?run=2`);
  expect((await ask("POST", "/create", event, { accept: "text/event-stream" })).status).toBe(410);
  await (await open({ ...event, run: 3 })).next("beat");
});

test("a cancel of a run that is on its way ends the one before it, too", async () => {
  const { ask, open } = await startScene();
  const event = leased();
  const stream = await open(event);
  expect((await ask("DELETE", `/invocations/${event.id}?run=2`)).status).toBe(404);
  expect(await stream.next("ended")).toMatchObject({ clean: true });
  expect((await ask("POST", "/create", { ...event, run: 2 }, { accept: "text/event-stream" })).status).toBe(410);
});

test("a cancel while an event is being checked keeps its run from beginning", async () => {
  const { ask, work } = await startScene();
  const checked = Promise.withResolvers<void>();
  work.onCheck = () => checked.promise;
  const event = eventOf();
  const started = ask("POST", "/create", event);
  await until(() => work.checks === 1, "it is being checked");
  expect((await ask<InvocationState>("DELETE", `/invocations/${event.id}`)).body).toMatchObject({ state: "over" });
  checked.resolve();
  expect((await started).body).toMatchObject({ status: 410, code: "invocation.cancelled" });
  expect(work.contexts).toHaveLength(0);
});

test("after the end of its lease a run starts no program any more, and its running one is dead", async () => {
  const { open, renew, work } = await startScene();
  const event = leased({ leaseMs: 2000 });
  const stream = await open(event);
  const begun = work.begun();
  await renew(event, {});
  const context = await begun;
  let group = 0;
  const running = context.run(["sh", "-c", "echo $$; sleep 1000 & wait"], {
    onLine: (_, line) => {
      group = Number(line);
    },
  });
  expect(await stream.next("ended")).toMatchObject({ clean: true, reason: expect.stringContaining("lease") });
  expect(await running).toMatchObject({ endedBy: "stop" });
  expect(group).not.toBe(0);
  expect(isGroupEmpty(group)).toBe(true);
  expect(await context.run(["true"])).toMatchObject({ endedBy: "stop", exitCode: null });
});

test("a result that comes after the word to stop is no reply: it may be the kill's own doing", async () => {
  const answered = Promise.withResolvers<WorkContext>();
  const { ask, open, renew } = await startScene({
    work: {
      check: async () => undefined,
      async work(context) {
        answered.resolve(context);
        const { signal } = await context.run(["sleep", "1000"]);
        return { transitioning: "error", code: "driver.failed", message: `died of ${signal}`, machine: {} };
      },
    },
  });
  const event = leased();
  const stream = await open(event);
  await renew(event, {});
  await answered.promise;
  const state = await ask<InvocationState>("DELETE", `/invocations/${event.id}`);
  expect(state.body).toMatchObject({ reply: null, ended: { clean: true } });
  expect(await stream.next("ended")).toMatchObject({ clean: true });
});

test("an event with a lease is refused where no beat could be seen", async () => {
  const { ask } = await startScene();
  const answer = await ask("POST", "/create", leased());
  expect(answer.body).toMatchObject({ status: 400, code: "lease.needsStream", field: "leaseMs" });
});

test("an event that the work refuses is answered 422 with its reason, and its id stays free", async () => {
  const { work, ask, open } = await startScene();
  work.onCheck = async () => {
    throw new FunctionProblem({
      status: 422,
      code: "option.unknown",
      detail: "no such option",
      field: "sise",
      got: "sise",
    });
  };
  const event = leased();
  const answer = await ask("POST", "/create", event, { accept: "text/event-stream" });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ code: "option.unknown", field: "sise" });
  work.onCheck = async () => undefined;
  await (await open(event)).next("beat");
});

test("of an event without leaseMs nothing is kept, and it can be sent again", async () => {
  const { work, ask } = await startScene();
  const event = eventOf();
  for (const _ of [1, 2]) {
    const begun = work.begun();
    const answer = ask("POST", "/create", event);
    await begun;
    work.finish();
    expect((await answer).status).toBe(200);
    expect((await ask("GET", `/invocations/${event.id}`)).status).toBe(404);
  }
});

test("while it works on an id, a function without a lease answers 409 invocation.running, to joins as well", async () => {
  const { work, ask, open } = await startScene();
  const event = eventOf();
  const begun = work.begun();
  await open(event);
  await begun;
  expect((await ask("POST", "/create", event)).body).toMatchObject({ status: 409, code: "invocation.running" });
  const joined = await ask(
    "POST",
    "/create",
    { ...event, join: true, leaseMs: minute },
    { accept: "text/event-stream" },
  );
  expect(joined.body).toMatchObject({ status: 409, code: "invocation.notLeased" });
});

test("without a lease the run lives as long as its connection", async () => {
  const { work, open, ask } = await startScene();
  const event = eventOf();
  const begun = work.begun();
  const stream = await open(event);
  const context = await begun;
  let group = 0;
  const running = context.run(["sh", "-c", "echo $$; sleep 1000 & wait"], {
    onLine: (_, line) => {
      group = Number(line);
    },
  });
  await until(() => group !== 0, "the program runs");
  stream.lose();
  expect(await running).toMatchObject({ endedBy: "stop", signal: "SIGKILL" });
  expect(isGroupEmpty(group)).toBe(true);
  await until(async () => (await ask("GET", `/invocations/${event.id}`)).status === 404, "the run is forgotten");
});
