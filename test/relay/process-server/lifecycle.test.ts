import { describe, expect, test } from "vitest";
import { beginRun, takeCheckpoint, takeUnanswered } from "../../../relay/process-server/runs.ts";
import { fire, fireLater } from "../../../relay/process-server/steps.ts";
import type { Handler } from "../../../relay/store/types.ts";
import { config, emptyArchive, handler, ownHandlers, World } from "./world.ts";

const fired = (world: World) => world.effects.filter((effect) => effect.kind === "fire");

describe("a process goes forward", () => {
  test("a new machine is creating and its event is fired with the same decision", () => {
    const world = new World().start();
    expect(world.machine.state).toBe("creating");
    expect(world.current).toMatchObject({ name: "create", state: "running", attempt: 1 });
    expect(fired(world)).toMatchObject([{ hasUrl: true, step: { handler: "create", attempt: 1 } }]);
  });

  test("the reply to create and the start of bootstrap are one decision, with a new event", () => {
    const world = new World().start();
    const createEvent = world.eventId;
    world.begin();
    const ssh = { user: "root", port: 22, keyFile: "machines/web-1-k3f9q2ab/id_rsa" };
    world.reply({ run: 1, data: { machine: { archive: emptyArchive, ipAddress: "203.0.113.7", ssh } } });
    expect(world.machine).toMatchObject({ state: "bootstrapping", ipAddress: "203.0.113.7", ssh, hasArchive: true });
    expect(world.archive).toBe(emptyArchive);
    expect(world.current).toMatchObject({ name: "bootstrap", state: "running" });
    expect(world.eventId).not.toBe(createEvent);
    expect(world.processes[0]).toMatchObject({ name: "create", state: "ended", outcome: "done" });
  });

  test("where a run began is in the history, without what may be secret in its URL", () => {
    const world = new World().start();
    const place = {
      url: "http://127.0.0.1:1/create?token=s3cret",
      address: "127.0.0.1:1",
      leaseMs: null,
      deadlineAt: 1,
    };
    const event = { eventId: world.eventId, machineId: world.machine.id };
    world.change((draft) => void beginRun(draft, event, place));
    expect(world.runs).toMatchObject([{ url: place.url }]);
    expect(world.history.at(-1)?.message).toBe("run 1 at http://127.0.0.1:1/create?token=******** (127.0.0.1:1)");
  });

  test("bootstrap done makes the machine active and leaves no process open", () => {
    const world = new World().activate();
    expect(world.machine.state).toBe("active");
    expect(world.open).toEqual([]);
  });

  test("further handlers are blocked until the current one has replied, in their order", () => {
    const world = new World();
    world.handlers = [
      ...ownHandlers,
      handler("dns", "machine.create", 200, null),
      handler("quota", "machine.create", 50),
    ];
    world.start();
    expect(world.current.steps.map((step) => step.handler)).toEqual(["quota", "create", "dns"]);
    expect(world.step?.handler).toBe("quota");
    world.begin();
    world.reply({ run: 1 });
    expect(world.step?.handler).toBe("create");
    world.begin();
    world.reply({ run: 1 });
    expect(fired(world)).toMatchObject([{ hasUrl: false, step: { handler: "dns", run: 1 } }]);
    expect(world.machine.state).toBe("creating");
    world.reply();
    expect(world.machine.state).toBe("bootstrapping");
  });

  test("every firing of a subscriber's event is an attempt of its one run, and a reply to any counts", () => {
    const world = new World();
    world.handlers = [...ownHandlers, handler("dns", "machine.create", 10, null)];
    world.start();
    world.change((draft) => fire(draft, config));
    world.change((draft) => fire(draft, config));
    expect(world.step).toMatchObject({ handler: "dns", attempt: 3, run: 1 });
    world.reply({ run: 1 });
    expect(world.step?.handler).toBe("create");
  });

  test("only the handler that looks at the provider settles what an earlier run may have left there", () => {
    const world = new World();
    world.handlers = [...ownHandlers, handler("check", "machine.delete", 50)];
    world.machine = { ...world.machine, unsettledSince: world.now - 1 };
    world.start("delete");
    world.begin();
    world.reply();
    expect(world.machine.unsettledSince).toBe(world.now - 1);
    world.begin();
    world.reply();
    expect(world.machine).toMatchObject({ state: "deleted", unsettledSince: null });
  });

  test("an error reply to create ends in error with the message", () => {
    const world = new World().start();
    world.begin();
    world.reply({
      run: 1,
      transitioning: "error",
      transitioningMessage: "Invalid access token",
      code: "driver.failed",
    });
    expect(world.machine).toMatchObject({
      state: "error",
      error: { code: "driver.failed", message: "Invalid access token" },
    });
    expect(world.open).toEqual([]);
  });

  test("an error reply to delete is a failed attempt: the reason and the next time stay visible", () => {
    const world = new World().activate().start("delete");
    world.begin();
    world.reply({ run: 1, transitioning: "error", transitioningMessage: "provider says no" });
    expect(world.machine.state).toBe("deleting");
    expect(world.current).toMatchObject({ state: "running", failures: 1, error: { message: "provider says no" } });
    expect(world.current.nextFireAt).toBeGreaterThan(world.now);
  });

  test("there is a time of the next attempt only while none is under way, and the reason of the last one stays", () => {
    const world = new World().activate().start("delete");
    const error = { message: "provider says no" };
    expect(world.current).toMatchObject({ nextFireAt: null, error: null });
    world.begin();
    world.reply({ run: 1, transitioning: "error", transitioningMessage: error.message });
    expect(world.current).toMatchObject({ nextFireAt: expect.any(Number), error });
    world.change((draft) => fire(draft, config));
    expect(world.current).toMatchObject({ nextFireAt: null, error });
    world.begin();
    expect(world.current).toMatchObject({ nextFireAt: null, error });
    world.reply({ run: 2, transitioning: "error", transitioningMessage: error.message });
    expect(world.current.nextFireAt).toEqual(expect.any(Number));
  });

  test("an attempt at a subscriber is under way once it shows that somebody listens", () => {
    const world = new World();
    world.handlers = [handler("create", "machine.create", 100, null)];
    world.start();
    expect(world.current.nextFireAt).toBe(world.now + config.silenceMs);
    const event = { eventId: world.eventId, machineId: world.machine.id };
    world.change((draft) => takeCheckpoint(draft, event, 1, emptyArchive));
    expect(world.current.nextFireAt).toBeNull();
  });

  test("an outcome that nobody can know waits for a person and not for the clock", () => {
    const world = new World().start();
    world.begin();
    world.reply({ run: 1, transitioning: "error", code: "outcome.unknown", transitioningMessage: "look for web-1" });
    expect(world.machine.state).toBe("creating");
    expect(world.current).toMatchObject({ state: "waiting", waitingFor: "resolve", nextFireAt: null });
    expect(world.machine.progress).toMatchObject({ message: "look for web-1", stage: "waiting" });
  });

  test("the waits grow with each attempt that nobody answers, and a counted one only", () => {
    const world = new World().start();
    const waits: number[] = [];
    const event = { eventId: world.eventId, machineId: world.machine.id };
    for (const isCounted of [true, true, true, false]) {
      world.change((draft) => takeUnanswered(draft, event, { code: "x", message: "no", isCounted }, config));
      waits.push(world.current.failures);
    }
    expect(waits).toEqual([1, 2, 3, 3]);
    world.change((draft) =>
      takeUnanswered(draft, event, { code: "x", message: "no", isCounted: false, retryAfterMs: 7_000 }, config),
    );
    expect(world.current.nextFireAt).toBe(world.now + 7_000);
  });
});

describe("handlers that come and go", () => {
  test("a process whose own handler is missing waits and says so; the row's return takes over", () => {
    const world = new World();
    world.handlers = [];
    world.start();
    expect(world.current).toMatchObject({ state: "waiting", waitingFor: "handler" });
    expect(world.current.error?.message).toContain('"create"');
    expect(world.effects).toEqual([]);
    world.handlers = ownHandlers;
    world.change((draft) => fire(draft, config));
    expect(world.current).toMatchObject({ state: "running", waitingFor: null });
    expect(world.machine.progress).toBeNull();
    expect(fired(world)).toHaveLength(1);
  });

  test("a removed handler that somebody had added is skipped", () => {
    const world = new World();
    world.handlers = [...ownHandlers, handler("quota", "machine.create", 50)];
    world.start();
    world.handlers = ownHandlers;
    world.change((draft) => fire(draft, config));
    expect(world.current.steps.map(({ handler, state }) => [handler, state])).toEqual([
      ["quota", "skipped"],
      ["create", "active"],
    ]);
  });

  test("a live run of a removed handler is finished first", () => {
    const world = new World();
    world.handlers = [...ownHandlers, handler("quota", "machine.create", 50)];
    world.start();
    world.begin();
    world.handlers = ownHandlers;
    world.change((draft) => fire(draft, config));
    expect(fired(world)).toMatchObject([{ step: { handler: "quota", run: 1 } }]);
    world.reply({ run: 1 });
    expect(world.step?.handler).toBe("create");
  });
});

describe("a subscriber's handler that is removed or replaced", () => {
  const withDns = (...rows: Handler[]) => [...ownHandlers, ...rows];
  const silent = (world: World) =>
    world.change((draft) => {
      fireLater(draft, world.current, { code: "handler.silent", message: "silent" }, config, { isCounted: true });
      fire(draft, config);
    });

  test("is finished while it may be working, and skipped once it is silent", () => {
    const world = new World();
    world.handlers = withDns(handler("dns", "machine.create", 10, null));
    world.start();
    world.handlers = ownHandlers;
    world.change((draft) => fire(draft, config));
    expect(fired(world)).toMatchObject([{ hasUrl: false, step: { handler: "dns" } }]);
    silent(world);
    expect(world.step?.handler).toBe("create");
    expect(world.machine.unsettledSince).toBe(world.now);
  });

  test("goes to its new URL once it is silent, as a run of its own", () => {
    const world = new World();
    world.handlers = withDns(handler("dns", "machine.create", 10, null));
    world.start();
    world.handlers = withDns(handler("dns", "machine.create", 10));
    world.change((draft) => fire(draft, config));
    expect(fired(world)).toMatchObject([{ hasUrl: false }]);
    silent(world);
    expect(fired(world)).toMatchObject([{ hasUrl: true, step: { handler: "dns" } }]);
    expect(world.begin().run).toBe(2);
  });

  test("a run at a URL ends there, though its row now names a subscriber", () => {
    const world = new World().start();
    world.begin();
    world.handlers = withDns().map((row) => ({ ...row, url: null }));
    world.change((draft) => fire(draft, config));
    expect(fired(world)).toMatchObject([{ hasUrl: true, step: { run: 1 } }]);
  });
});

describe("who may answer", () => {
  test("only the current run: another is refused, changes nothing, and its archive is kept aside", () => {
    const world = new World().start();
    world.begin();
    const before = structuredClone(world.machine);
    const outcome = world.reply({ run: 2, data: { machine: { archive: emptyArchive } } });
    expect(outcome.refusal?.code).toBe("event.otherRun");
    expect(world.machine).toEqual(before);
    expect(world.archive).toBeNull();
    expect(world.strays).toEqual([emptyArchive]);
  });

  test("an event that was answered is over: the second reply is refused and its archive kept aside", () => {
    const world = new World().start();
    const eventId = world.eventId;
    world.begin();
    world.reply({ run: 1 });
    const outcome = world.reply({ previousIds: [eventId], run: 1, data: { machine: { archive: emptyArchive } } });
    expect(outcome.refusal?.code).toBe("event.over");
    expect(world.machine.state).toBe("bootstrapping");
    expect(world.strays).toEqual([emptyArchive]);
  });

  test("an event that nobody fired is unknown", () => {
    const world = new World().start();
    expect(() => world.reply({ previousIds: ["evt_nobody"] })).toThrow(/waits for no event evt_nobody/);
  });

  test("a second run cannot begin while the first may still live", () => {
    const world = new World().start();
    world.begin();
    const place = { url: "http://b", address: "b:80", leaseMs: 60_000, deadlineAt: null };
    const event = { eventId: world.eventId, machineId: world.machine.id };
    expect(() => world.change((draft) => beginRun(draft, event, place))).toThrow(/may still live/);
    expect(world.runs).toHaveLength(1);
  });
});
