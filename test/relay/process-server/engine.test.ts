import { expect, test, vi } from "vitest";
import { RelayError } from "../../../relay/errors.ts";
import type { Notice, ProcessEvent } from "../../../relay/event-bus/events.ts";
import { Listener, quick, Running } from "./running.ts";
import { emptyArchive, handler } from "./world.ts";

const ref = (event: ProcessEvent) => ({ eventId: event.id, machineId: event.resourceId });
const isState = (state: string) => (event: Notice) =>
  event.name === "resource.change" && JSON.parse(JSON.stringify(event.data)).machine.state === state;

test("a machine goes from create over bootstrap to active, event by event", async () => {
  await using running = await Running.open();
  const { id, state } = await running.create();
  expect(state).toBe("creating");
  await running.reply(await running.listener.event("machine.create"));
  const bootstrap = await running.listener.event("machine.bootstrap");
  expect(bootstrap.data.agent).toMatchObject({ image: "docker:28-cli" });
  await running.reply(bootstrap);
  expect(await running.machine(id)).toMatchObject({ state: "active" });
});

test("the process is on disk before its event is heard", async () => {
  await using running = await Running.open();
  const seen: Promise<unknown>[] = [];
  running.bus.subscribe({
    names: ["machine.create"],
    deliver: ({ event }) => seen.push(running.store.findEvent((event as ProcessEvent).id)),
  });
  await running.create();
  await running.listener.event("machine.create");
  expect(await seen[0]).toMatchObject({ machineId: expect.stringMatching(/^mch_/) });
});

test("an event is fired again, same id, when nobody shows a sign of life", async () => {
  await using running = await Running.open();
  await running.create();
  const first = await running.listener.event("machine.create", 1);
  const second = await running.listener.event("machine.create", 2);
  expect(second.id).toBe(first.id);
  const { data } = await running.store.listHistory(first.resourceId, { limit: 100, cursor: null });
  expect(data.map((entry) => entry.kind)).toContain("unanswered");
});

test("an event that was due while the disk was full is fired once it no longer is", async () => {
  await using running = await Running.open();
  await running.create();
  await running.listener.event("machine.create", 1);
  vi.spyOn(running.store, "decide").mockRejectedValueOnce(new RelayError("store.failed", { message: "disk full" }));
  await running.listener.event("machine.create", 2);
});

/** A machine that is busy with other tests may stand still for longer than the quick silence limit. */
const patient = { ...quick, silenceMs: 500 };

test("signs of life put the next firing off, for as long as they come", async () => {
  await using running = await Running.open(patient);
  await running.create();
  const first = await running.listener.event("machine.create", 1);
  // Beats until five silence limits have passed on this machine's own clock, however slow that is today.
  await new Promise<void>((resolve) => {
    let beats = 0;
    const beat = setInterval(() => {
      running.server.answers.keepAlive(first.id);
      if (++beats < 50) return;
      clearInterval(beat);
      resolve();
    }, patient.silenceMs / 10);
  });
  const firings = running.listener.heard.filter((event) => event.id === first.id);
  expect(firings).toHaveLength(1);
});

test("changes of a machine whose handler shows life bring its next firing no nearer", async () => {
  await using running = await Running.open(patient);
  await running.create();
  const first = await running.listener.event("machine.create", 1);
  const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
  const { run } = await running.server.answers.beginRun(ref(first), place);
  await new Promise<void>((resolve) => {
    let beats = 0;
    const beat = setInterval(() => {
      const progress = { message: `line ${beats}`, progress: null, stage: null };
      running.server.answers.recordProgress(ref(first), run, progress);
      if (++beats < 50) return;
      clearInterval(beat);
      resolve();
    }, patient.silenceMs / 10);
  });
  expect(running.listener.heard.filter((event) => event.id === first.id)).toHaveLength(1);
});

test("after a restart what was open is fired at once, with the same event", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000 });
  await running.create();
  const before = await running.listener.event("machine.create", 1);
  await running.restart();
  const after = await running.listener.event("machine.create", 2);
  expect(after.id).toBe(before.id);
});

test("an event that nobody hears says so, and goes out the moment somebody subscribes", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 100, refireWaitMaxMs: 60_000 });
  running.listener.stop();
  await running.server.putHandler(handler("dns", "machine.create", 10, null));
  const { id } = await running.create();
  const changes = new Listener(running.bus, "resource.change");
  await changes.until(() => true);
  const [open] = (await running.store.listProcesses({ machineId: id }, { limit: 1, cursor: null })).data;
  expect(open?.steps[0]).toMatchObject({ handler: "dns", state: "active" });
  const late = new Listener(running.bus, "machine.create;handler=dns");
  const event = await late.until<ProcessEvent>(() => true);
  expect(event.handler).toBe("dns");
  await running.reply(event);
  expect(await late.until<ProcessEvent>(() => true)).toMatchObject({ resourceId: id });
});

test("a removed own handler stops nothing for ever: the process waits, and goes on when the row returns", async () => {
  await using running = await Running.open();
  await running.server.deleteHandler("create");
  const { id } = await running.create();
  const waiting = await running.store.listProcesses({ machineId: id, isOpen: true }, { limit: 1, cursor: null });
  expect(waiting.data[0]).toMatchObject({ state: "waiting", waitingFor: "handler" });
  await running.server.putHandler(handler("create", "machine.create"));
  await running.reply(await running.listener.event("machine.create"));
  await running.listener.event("machine.bootstrap");
});

test("a cancelled subscriber that says nothing is over after its silence limit, and the machine is unsettled", async () => {
  await using running = await Running.open();
  await running.server.putHandler(handler("dns", "machine.create", 10, null));
  const { id } = await running.create();
  await running.listener.event("machine.create;handler=dns");
  await running.server.deleteMachine(id, { force: false });
  const cancel = await running.listener.until<Notice>((event) => event.name === "process.cancel");
  expect(cancel.data).toMatchObject({ machineId: id });
  const deletion = await running.listener.event("machine.delete");
  expect(deletion.data.machine.unsettledMs).toBeGreaterThan(0);
});

test("an event that was being made ready when its process was cancelled is heard by nobody", async () => {
  await using running = await Running.open();
  await running.server.putHandler(handler("bootstrap", "machine.bootstrap", 100, null));
  const { id } = await running.create();
  const { promise: isReadable, resolve: letRead } = Promise.withResolvers<void>();
  const getArchive = running.store.getArchive.bind(running.store);
  vi.spyOn(running.store, "getArchive").mockImplementation(async (machineId) => {
    await isReadable;
    return getArchive(machineId);
  });
  const create = await running.listener.event("machine.create");
  await running.reply(create, { data: { machine: { archive: emptyArchive } } });
  await running.server.deleteMachine(id, { force: false });
  await running.listener.until<Notice>((notice) => notice.name === "process.cancel");
  letRead();
  await running.listener.event("machine.delete");
  expect(running.listener.heard.filter(({ name }) => name.startsWith("machine.bootstrap"))).toEqual([]);
});

test("a cancel that was under way at a restart is taken up again", async () => {
  await using running = await Running.open();
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
  const { run } = await running.server.answers.beginRun(ref(event), place);
  await running.server.deleteMachine(id, { force: false });
  await running.restart();
  await running.listener.until<Notice>((notice) => notice.name === "process.cancel");
  expect(await running.server.answers.look(ref(event))).toMatchObject({ isCancelling: true, runs: [{ run }] });
  await running.server.answers.endRun(ref(event), run, { isClean: true, hasBegun: false, reason: "cancelled" });
  await running.listener.event("machine.delete");
});

test("of many progress messages the last one is always kept", async () => {
  await using running = await Running.open();
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
  const { run } = await running.server.answers.beginRun(ref(event), place);
  for (let number = 1; number <= 200; number++) {
    const progress = { message: `line ${number}`, progress: number / 2, stage: "ssh" };
    running.server.answers.recordProgress(ref(event), run, progress);
  }
  await running.listener.until<Notice>((notice) => JSON.stringify(notice.data)?.includes("line 200") ?? false);
  expect(await running.machine(id)).toMatchObject({ progress: { message: "line 200", percent: 100, stage: "ssh" } });
  const writes = running.listener.heard.filter((notice) => JSON.stringify(notice).includes('"line '));
  expect(writes.length).toBeLessThan(20);
});

test("a listener that says how far it is is at work: there is no time of the next attempt any more", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000 });
  await running.server.putHandler(handler("dns", "machine.create", 10, null));
  const { id } = await running.create();
  const event = await running.listener.event("machine.create;handler=dns");
  const nextFireAt = async () => (await running.store.getCurrent(id)).process?.nextFireAt;
  expect(await nextFireAt()).toEqual(expect.any(Number));
  await running.reply(event, { transitioning: "yes", transitioningMessage: "half-way" });
  await running.listener.until<Notice>((notice) => JSON.stringify(notice.data)?.includes("half-way") ?? false);
  expect(await nextFireAt()).toBeNull();
});

test("each stage of a run is recorded with its time, also where the words about it come too fast to be", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000, progressEveryMs: 20 });
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
  const { run } = await running.server.answers.beginRun(ref(event), place);
  const say = (message: string, stage: string | null) =>
    running.server.answers.recordProgress(ref(event), run, { message, progress: null, stage });
  const isSaid = (message: string) =>
    running.listener.until<Notice>((notice) => JSON.stringify(notice.data)?.includes(message) ?? false);
  say("looking", "checks");
  say("connecting", "ssh");
  // Overtakes the words about the stage before they are written, and leaves the stage as it is.
  say("of no stage", null);
  await isSaid("of no stage");
  const stages = await running.store.listStages(id);
  expect(stages).toMatchObject([
    { process: "create", stage: "checks", endedAt: stages[1]?.startedAt },
    { process: "create", stage: "ssh", endedAt: null },
  ]);
  say("still connecting", "ssh");
  await isSaid("still connecting");
  expect(await running.store.listStages(id)).toEqual(stages);
  await running.reply(event, { run });
  const [, ended] = await running.store.listStages(id);
  const [create] = (await running.store.listProcesses({ machineId: id, isOpen: false }, { limit: 1, cursor: null }))
    .data;
  expect(ended?.endedAt).toBe(create?.endedAt);
});

test("log lines are told with the numbers by which they can be read, in order, and only if they were kept", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000, logEveryMs: 1 });
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  const isLog = (notice: { name: string }) => notice.name === "resource.log";
  const say = (line: string) => running.server.answers.recordLog(ref(event), 1, { stream: "stdout", line });
  const append = running.store.appendLog.bind(running.store);
  const { promise: isRefused, resolve: refuse } = Promise.withResolvers<void>();
  vi.spyOn(running.store, "appendLog").mockImplementationOnce(async () => {
    refuse();
    throw new RelayError("store.failed", { message: "disk full" });
  });
  say("lost");
  await isRefused;
  for (const line of ["one", "two", "three"]) {
    say(line);
    await running.listener.until<Notice>((notice) => isLog(notice) && JSON.stringify(notice.data).includes(line));
  }
  const told = running.listener.heard.filter(isLog).flatMap(({ data }) => (data as { lines: object[] }).lines);
  const { data: kept } = await running.store.listLog(id, { limit: 10, after: 0 });
  expect(told).toEqual(kept.map(({ processId: _, ...line }) => line));
  expect(kept.map(({ number, line }) => [number, line])).toEqual([
    [1, "one"],
    [2, "two"],
    [3, "three"],
  ]);

  const { promise: isDropped, resolve: drop } = Promise.withResolvers<unknown>();
  vi.spyOn(running.store, "appendLog").mockImplementationOnce(async (...all) => {
    await running.server.deleteMachine(id, { force: true });
    const lines = await append(...all);
    drop(lines);
    return lines;
  });
  say("of a machine that is gone");
  expect(await isDropped).toEqual([]);
  await new Promise(setImmediate);
  expect(running.listener.heard.filter(isLog)).toHaveLength(3);
});

test("a handler that comes and goes is news of the machines that wait for it, and of no others", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000 });
  await running.server.deleteHandler("bootstrap");
  const { id: waits } = await running.create("web-1");
  await running.reply(await running.listener.event("machine.create"));
  const { id: creates } = await running.create("web-2");
  await running.listener.until<ProcessEvent>(
    (event) => event.name === "machine.create" && event.resourceId === creates,
  );
  const before = running.listener.heard.length;
  await running.server.putHandler(handler("bootstrap", "machine.bootstrap"));
  await running.listener.event("machine.bootstrap");
  const changes = running.listener.heard.slice(before).filter(({ name }) => name === "resource.change");
  expect(changes.map(({ resourceId }) => resourceId)).toEqual([waits]);
});

test("secret values are masked in log lines, progress and errors, whoever says them", async () => {
  await using running = await Running.open();
  const { id } = await running.create("web-1", { accessToken: "tok-very-secret" });
  const event = await running.listener.event("machine.create");
  running.server.answers.recordLog(ref(event), 1, { stream: "stderr", line: "token tok-very-secret refused" });
  await running.listener.until<Notice>((notice) => notice.name === "resource.log");
  await running.reply(event, { transitioning: "error", transitioningMessage: "tok-very-secret is wrong" });
  await running.listener.until<Notice>(isState("error"));
  const machine = await running.machine(id);
  expect(machine?.error?.message).toBe("******** is wrong");
  const { data } = await running.store.listLog(id, { limit: 10, after: 0 });
  expect(data.map(({ line }) => line)).toEqual(["token ******** refused"]);
  const { data: history } = await running.store.listHistory(id, { limit: 100, cursor: null });
  expect(JSON.stringify(history)).not.toContain("tok-very-secret");
});

test("secret values are masked in why a run ended, and in what is said while a person is waited for", async () => {
  await using running = await Running.open({ ...quick, silenceMs: 60_000 });
  const { id } = await running.create("web-1", { accessToken: "tok-very-secret" });
  const event = await running.listener.event("machine.create");
  const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
  const { run } = await running.server.answers.beginRun(ref(event), place);
  const end = { isClean: true, hasBegun: false, reason: "never began: tok-very-secret is wrong" };
  await running.server.answers.endRun(ref(event), run, end);
  await running.reply(event, { transitioning: "error", code: "outcome.unknown", transitioningMessage: "look there" });
  await running.reply(event, { transitioning: "error", transitioningMessage: "tok-very-secret is wrong" });
  expect((await running.machine(id))?.error?.message).toBe("******** is wrong");
  const { data: history } = await running.store.listHistory(id, { limit: 100, cursor: null });
  expect(JSON.stringify(history)).toContain("never began: ******** is wrong");
  expect(JSON.stringify(history)).not.toContain("tok-very-secret");
});

test("a refused reply changes nothing, and its archive can be found", async () => {
  await using running = await Running.open();
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  await running.reply(event);
  const archive = "H4sIAAAAAAAAAwMAAAAAAAAAAAA=";
  const second = running.reply(event, { data: { machine: { archive } } });
  await expect(second).rejects.toMatchObject({ code: "event.over", status: 409 });
  expect(await running.store.listStrays(id)).toMatchObject([{ archive }]);
});

test("an answer to an event of long ago is refused like any other that is over, and its archive can be found", async () => {
  await using running = await Running.open();
  const { id } = await running.create();
  const event = await running.listener.event("machine.create");
  await running.reply(event);
  await running.reply(await running.listener.event("machine.bootstrap"));
  const late = running.reply(event, { data: { machine: { archive: emptyArchive } } });
  await expect(late).rejects.toMatchObject({ code: "event.over", status: 409 });
  expect(await running.store.listStrays(id)).toMatchObject([{ archive: emptyArchive }]);
  const checkpoint = running.server.answers.recordCheckpoint(ref(event), 1, emptyArchive);
  await expect(checkpoint).rejects.toMatchObject({ code: "event.over" });
  const foreign = running.reply({ ...event, id: "evt_none", replyTo: "reply.evt_none" });
  await expect(foreign).rejects.toMatchObject({ code: "event.unknown", status: 404 });
});
