import { describe, expect, test } from "vitest";
import {
  forgetMachine,
  requestDelete,
  requestFire,
  requestPatch,
  requestResolve,
  requestRetry,
} from "../../../relay/process-server/requests.ts";
import { confirmCancel, endRun, takeCheckpoint } from "../../../relay/process-server/runs.ts";
import { config, emptyArchive, handler, ownHandlers, World } from "./world.ts";

const event = (world: World) => ({ eventId: world.eventId, machineId: world.machine.id });
const askDelete = (world: World) => world.change((draft) => requestDelete(draft, config));

function kill(world: World, run: number): void {
  const end = { isClean: false, hasBegun: true, reason: "its lease was over" };
  world.change((draft) => endRun(draft, event(world), run, end, config));
}

function failed(): World {
  const world = new World().start();
  world.begin();
  world.reply({ run: 1, transitioning: "error", transitioningMessage: "no" });
  return world;
}

describe("delete", () => {
  test("an active machine is deleting in the answer, and gone with its secrets when its handler says so", () => {
    const world = new World().activate();
    askDelete(world);
    expect(world.machine.state).toBe("deleting");
    world.begin();
    world.reply({ run: 1 });
    expect(world.machine).toMatchObject({ state: "deleted", hasArchive: false });
    expect(world.archive).toBeNull();
    expect(world.effects).toEqual([{ kind: "leave" }]);
  });

  test("during a run of create it waits for that run's end, and then takes what its last checkpoint knows", () => {
    const world = new World().start();
    world.begin();
    askDelete(world);
    expect(world.machine.state).toBe("deleting");
    expect(world.open.map(({ name, state }) => [name, state])).toEqual([
      ["create", "cancelling"],
      ["delete", "queued"],
    ]);
    expect(world.effects).toMatchObject([{ kind: "cancel", eventId: world.eventId }]);
    world.change((draft) => takeCheckpoint(draft, event(world), 1, emptyArchive));
    world.change((draft) =>
      endRun(draft, event(world), 1, { isClean: true, hasBegun: false, reason: "cancelled" }, config),
    );
    expect(world.current).toMatchObject({ name: "delete", state: "running" });
    expect(world.archive).toBe(emptyArchive);
    expect(world.machine.unsettledSince).toBeNull();
  });

  test.each([
    ["unclean", { isClean: false, hasBegun: false }],
    ["clean, but killed at its work", { isClean: true, hasBegun: true }],
  ])("after a create whose run ended %s the machine is unsettled when its delete begins", (_how, end) => {
    const world = new World().start();
    world.begin();
    askDelete(world);
    world.change((draft) => endRun(draft, event(world), 1, { ...end, reason: "lease" }, config));
    expect(world.machine.unsettledSince).toBe(world.now);
    expect(world.current.name).toBe("delete");
  });

  test("a create that ends with its reply while it is being cancelled is deleted, archive and all", () => {
    const world = new World().start();
    world.begin();
    askDelete(world);
    world.reply({ run: 1, data: { machine: { archive: emptyArchive } } });
    expect(world.current).toMatchObject({ name: "delete", state: "running" });
    expect(world.machine).toMatchObject({ state: "deleting", hasArchive: true });
  });

  test("before any run began nothing has to end, and a start on its way gets no run", () => {
    const world = new World().start();
    const late = event(world);
    askDelete(world);
    expect(world.current).toMatchObject({ name: "delete", state: "running" });
    world.change((draft) => confirmCancel(draft, late, config));
    expect(world.current).toMatchObject({ name: "delete", state: "running" });
  });

  test("twice is no error and starts nothing", () => {
    const world = new World().activate();
    askDelete(world);
    const count = world.processes.length;
    askDelete(world);
    expect(world.processes).toHaveLength(count);
  });

  test("by force the machine is forgotten, and the history says what may be left", () => {
    const world = new World().activate();
    world.machine = {
      ...world.machine,
      driver: "amazonec2",
      providerId: "i-88c6",
      driverConfig: { region: "eu-west-1" },
    };
    askDelete(world);
    world.begin();
    world.change(forgetMachine);
    expect(world.machine.state).toBe("deleted");
    expect(world.open).toEqual([]);
    const note = world.history.find((entry) => entry.kind === "forgotten")?.message;
    expect(world.machine.error).toEqual({ code: "machine.forgotten", message: note });
    for (const word of ["amazonec2", "web-1-k3f9q2ab", "i-88c6", "region eu-west-1"]) expect(note).toContain(word);
  });

  test.each([
    ["amazonec2", false, /VM.* cost money/],
    ["generic", false, /host stays as it is/],
    ["none", false, /host stays as it is/],
    ["joined", false, /host stays as it is/],
    ["container", false, /container may still run/],
    ["simulated", true, /Nothing real/],
  ])("by force: what may be left of a machine of driver %s", (driver, isSimulated, words) => {
    const world = new World();
    world.machine = { ...world.machine, driver, isSimulated, state: "active", ipAddress: "203.0.113.7" };
    world.change(forgetMachine);
    expect(world.machine.error?.message).toMatch(words);
    expect(world.machine.error?.message).toContain("address 203.0.113.7");
    expect(/money/.test(world.machine.error?.message ?? "")).toBe(driver === "amazonec2");
  });

  test("a joined host only loses its agent", () => {
    const world = new World();
    world.machine = { ...world.machine, driver: "joined", state: "active" };
    askDelete(world);
    expect(world.machine.state).toBe("deleted");
    expect(world.processes).toEqual([]);
    expect(world.effects).toEqual([{ kind: "leave" }]);
  });
});

describe("retry, patch, resolve and try now", () => {
  test("retry starts a new process of the kind that failed, with new event ids", () => {
    const world = failed();
    const before = world.processes[0]?.steps[0]?.eventId;
    world.change((draft) => requestRetry(draft, config));
    expect(world.machine).toMatchObject({ state: "creating", error: null });
    expect(world.current.name).toBe("create");
    expect(world.eventId).not.toBe(before);
  });

  test("a machine that is active cannot be retried", () => {
    const world = new World().activate();
    expect(() => world.change((draft) => requestRetry(draft, config))).toThrow(/cannot retry web-1 while it is active/);
  });

  test("driver options change in error and in deleting, nowhere else", () => {
    const world = failed();
    const patch = () => world.change((draft) => requestPatch(draft, { driverConfig: { accessToken: "new" } }, config));
    patch();
    expect(world.machine.driverConfig).toEqual({ accessToken: "new" });
    expect(JSON.stringify(world.history)).not.toContain('"new"');
    world.change((draft) => requestRetry(draft, config));
    expect(patch).toThrow(/while it is creating/);
  });

  test("null removes an option, and is refused for one that is not set", () => {
    const world = failed();
    world.machine = { ...world.machine, driverConfig: { failAt: "ssh", size: "s-1" } };
    const remove = (name: string) =>
      world.change((draft) => requestPatch(draft, { driverConfig: { [name]: null } }, config));
    remove("failAt");
    expect(world.machine.driverConfig).toEqual({ size: "s-1" });
    expect(() => remove("failAt")).toThrow(
      expect.objectContaining({ code: "option.unknown", field: "driverConfig.failAt", expected: "one of size" }),
    );
  });

  test("a mended delete is tried at once", () => {
    const world = new World().activate();
    askDelete(world);
    world.begin();
    world.reply({ run: 1, transitioning: "error", transitioningMessage: "Invalid access token" });
    world.change((draft) => requestPatch(draft, { driverConfig: { accessToken: "rotated" } }, config));
    expect(world.effects).toMatchObject([{ kind: "fire" }]);
  });

  test("the place of a machine cannot change while something may exist there", () => {
    const world = failed();
    world.machine = { ...world.machine, driverConfig: { region: "a" }, hasArchive: true };
    const move = () => world.change((draft) => requestPatch(draft, { driverConfig: { region: "b" } }, config));
    expect(move).toThrow(expect.objectContaining({ code: "machine.placeChange", field: "driverConfig.region" }));
    world.machine = { ...world.machine, hasArchive: false };
    move();
    expect(world.machine.driverConfig).toEqual({ region: "b" });
  });

  test("resolve releases what waits for it, and is refused where nothing does", () => {
    const world = new World().start();
    const resolve = () => world.change((draft) => requestResolve(draft, { outcome: "nothing" }, config));
    expect(resolve).toThrow(expect.objectContaining({ code: "process.notWaiting" }));
    world.begin();
    world.reply({ run: 1, transitioning: "error", code: "outcome.unknown", transitioningMessage: "?" });
    resolve();
    expect(world.machine.resolved).toEqual({ outcome: "nothing" });
    expect(world.current.state).toBe("running");
    expect(world.effects).toMatchObject([{ kind: "fire" }]);
    world.begin();
    world.reply({ run: 2 });
    expect(world.machine.resolved).toBeNull();
  });

  test.each([
    ["was killed", kill],
    ["failed", (world: World, run: number) => void world.reply({ run, transitioning: "error" })],
  ])("what a person found is outdated once a create %s that may have made something since", (_how, end) => {
    const world = new World().start();
    world.begin();
    world.reply({ run: 1, transitioning: "error", code: "outcome.unknown", transitioningMessage: "?" });
    world.change((draft) => requestResolve(draft, { outcome: "nothing" }, config));
    end(world, world.begin().run);
    expect(world.machine.resolved).toBeNull();
  });

  test("what a person found holds for as long as a delete is tried: it makes nothing", () => {
    const world = new World().activate();
    askDelete(world);
    world.begin();
    world.reply({ run: 1, transitioning: "error", code: "outcome.unknown", transitioningMessage: "?" });
    world.change((draft) => requestResolve(draft, { outcome: "nothing" }, config));
    kill(world, world.begin().run);
    expect(world.machine.resolved).toEqual({ outcome: "nothing" });
  });

  test("try now fires without waiting for the time, and not what is over", () => {
    const world = new World().activate();
    askDelete(world);
    world.begin();
    world.reply({ run: 1, transitioning: "error", transitioningMessage: "no" });
    const { id } = world.current;
    world.change((draft) => requestFire(draft, id, config));
    expect(world.effects).toMatchObject([{ kind: "fire", step: { attempt: 2 } }]);
    const over = world.processes[0]?.id as string;
    expect(() => world.change((draft) => requestFire(draft, over, config))).toThrow(/waits for no firing/);
  });

  test("a cancelled subscriber's run is over with its final reply", () => {
    const world = new World();
    world.handlers = [...ownHandlers, handler("dns", "machine.create", 10, null)];
    world.start();
    askDelete(world);
    expect(world.current).toMatchObject({ name: "create", state: "cancelling" });
    world.reply({ run: 1, transitioning: "error", transitioningMessage: "stopped" });
    expect(world.current).toMatchObject({ name: "delete", state: "running" });
  });
});
