// To whom a stage belongs: to the run that named it, and to nothing after it.
import { expect, test } from "vitest";
import { endRun } from "../../../relay/process-server/runs.ts";
import { config, handler, ownHandlers, World } from "./world.ts";

const enter = (world: World, stage: string) => world.change((draft) => draft.enterStage(stage, draft.now - 5));

function lose(world: World): void {
  const event = { eventId: world.eventId, machineId: world.machine.id };
  const end = { isClean: false, hasBegun: true, reason: "lease" };
  world.change((draft) => endRun(draft, event, 1, end, config));
}

test("a stage is entered when it was heard, by the process whose run lives", () => {
  const world = new World().start();
  enter(world, "too early");
  world.begin();
  enter(world, "ssh");
  expect(world.stages).toEqual([{ processId: world.current.id, stage: "ssh", at: world.now - 5 }]);
});

test("with its run the stage is over, and what that run said last enters none", () => {
  const world = new World().start();
  world.begin();
  enter(world, "ssh");
  lose(world);
  enter(world, "engine");
  expect(world.stages.map(({ stage }) => stage)).toEqual(["ssh", null]);
  world.begin();
  enter(world, "ssh");
  expect(world.stages.map(({ stage }) => stage)).toEqual(["ssh", null, "ssh"]);
});

test("the next handler of a process does not go on in the stage of the one before", () => {
  const world = new World();
  world.handlers = [...ownHandlers, handler("dns", "machine.create", 200)];
  world.start();
  world.begin();
  enter(world, "engine");
  world.reply({ run: 1 });
  expect(world.stages.at(-1)).toEqual({ processId: world.current.id, stage: null, at: world.now });
});

test("a process that ends needs no word about its stage: it ends with it", () => {
  const world = new World().activate();
  expect(world.stages).toEqual([]);
  expect(world.processes.map(({ state }) => state)).toEqual(["ended", "ended"]);
});

test("a decision that writes nothing says so, and one that only notes something does not", () => {
  const world = new World().start();
  expect(world.change(() => {}).hasChanged).toBe(false);
  expect(world.change((draft) => draft.follow({ kind: "leave" })).hasChanged).toBe(false);
  expect(world.change((draft) => draft.note("checkpoint", "noted")).hasChanged).toBe(true);
  expect(world.change((draft) => draft.changeMachine({ labels: {} })).hasChanged).toBe(true);
  expect(world.change((draft) => draft.setArchive(null)).hasChanged).toBe(true);
  expect(world.change((draft) => draft.setStray("x", null, "late")).hasChanged).toBe(true);
  expect(world.change((draft) => draft.leaveStage()).hasChanged).toBe(true);
  expect(world.change((draft) => draft.changeProcess(world.current, {})).hasChanged).toBe(true);
});
