import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import type { ProcessView } from "../../../../relay/api/process-view.ts";
import { lifecycleOf } from "../../../../relay/ui/machine/lifecycle.ts";
import { failureOf } from "../failure.ts";

type Past = Pick<ProcessView, "name" | "state" | "outcome" | "startedAt" | "endedAt">;
const past = (name: ProcessView["name"], outcome: ProcessView["outcome"]): Past => ({
  name,
  state: outcome === null ? "running" : "ended",
  outcome,
  startedAt: 1000,
  endedAt: outcome === null ? null : 3000,
});
const open = (change: Partial<NonNullable<MachineView["process"]>> = {}): MachineView["process"] => ({
  id: "prc_1",
  name: "create",
  state: "running",
  startedAt: 1000,
  attempt: 1,
  nextFireAt: null,
  waitingFor: null,
  error: null,
  ...change,
});
const machine = (state: MachineView["state"], change: Partial<MachineView> = {}) => ({
  state,
  driver: "simulated",
  process: null,
  ipAddress: null,
  ...change,
});
const failure = failureOf("driver.failed", "no");

test.each<[string, ReturnType<typeof machine>, Past[] | null, string[]]>([
  ["just asked for", machine("requested"), null, ["now", "later", "later", "later"]],
  ["creating", machine("creating", { process: open() }), [past("create", null)], ["now", "later", "later", "later"]],
  [
    "waiting for a person",
    machine("creating", { process: open({ state: "waiting" }) }),
    [past("create", null)],
    ["waiting", "later", "later", "later"],
  ],
  [
    "bootstrapping",
    machine("bootstrapping", { process: open({ name: "bootstrap" }) }),
    [past("bootstrap", null), past("create", "done")],
    ["done", "now", "later", "later"],
  ],
  ["active", machine("active"), [past("bootstrap", "done"), past("create", "done")], ["done", "done", "done", "later"]],
  ["create failed", machine("error"), [past("create", "error")], ["failed", "later", "later", "later"]],
  [
    "bootstrap failed after a create that was tried twice",
    machine("error"),
    [past("bootstrap", "error"), past("create", "done"), past("create", "error")],
    ["done", "failed", "later", "later"],
  ],
  ["failed, nobody has read more", machine("error"), null, ["failed", "later", "later", "later"]],
  [
    "failed with an address, nobody has read more",
    machine("error", { ipAddress: "203.0.113.7" }),
    null,
    ["done", "failed", "later", "later"],
  ],
  [
    "deleted in the middle of create",
    machine("deleted"),
    [past("delete", "done"), past("create", "cancelled")],
    ["stopped", "left out", "left out", "done"],
  ],
  [
    "deleting, for the third time",
    machine("deleting", { process: open({ name: "delete", error: failure, nextFireAt: 5000 }) }),
    [past("delete", null), past("bootstrap", "done"), past("create", "done")],
    ["done", "done", "done", "waiting"],
  ],
  [
    "deleting, the third attempt is under way",
    machine("deleting", { process: open({ name: "delete", error: failure }) }),
    [past("delete", null), past("bootstrap", "done"), past("create", "done")],
    ["done", "done", "done", "now"],
  ],
  ["joined by itself", machine("active", { driver: "joined" }), [], ["done", "done", "later"]],
  ["joined, and deleted", machine("deleted", { driver: "joined" }), [], ["done", "done", "done"]],
])("%s", (_, looked, processes, expected) => {
  const steps = lifecycleOf(looked, processes, null);
  expect(steps.map(({ status }) => status)).toEqual(expected);
  expect(steps.filter(({ isPresent }) => isPresent)).toHaveLength(1);
});

test("each step says how long it took, or usually takes", () => {
  const timings = {
    driver: "simulated",
    processes: [{ process: "bootstrap" as const, count: 3, medianMs: 700, p90Ms: 800, stages: [] }],
  };
  const steps = lifecycleOf(machine("creating"), [past("create", "done")], timings);
  expect(steps.map(({ name, tookMs, usualMs }) => [name, tookMs, usualMs])).toEqual([
    ["create", 2000, null],
    ["bootstrap", null, 700],
    ["active", null, null],
    ["delete", null, null],
  ]);
});
