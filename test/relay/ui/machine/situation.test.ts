import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { situationOf } from "../../../../relay/ui/machine/situation.ts";
import { failureOf } from "../failure.ts";

const error = failureOf("driver.failed", "no");
const process = (change: Partial<NonNullable<MachineView["process"]>>): NonNullable<MachineView["process"]> => ({
  id: "prc_1",
  name: "delete",
  state: "running",
  startedAt: 1000,
  attempt: 1,
  nextFireAt: 5000,
  waitingFor: null,
  error: null,
  ...change,
});

test.each<[string, Parameters<typeof situationOf>[0], string]>([
  ["active", { state: "active", error: null, process: null }, "well"],
  ["at work", { state: "creating", error: null, process: process({ name: "create" }) }, "well"],
  ["failed", { state: "error", error, process: null }, "failed"],
  ["failed without a word", { state: "error", error: null, process: null }, "failed"],
  ["between two attempts", { state: "deleting", error: null, process: process({ error }) }, "failing"],
  [
    "waiting for a person",
    { state: "deleting", error: null, process: process({ state: "waiting", waitingFor: "resolve", error }) },
    "unknown",
  ],
  [
    "waiting for a handler",
    { state: "creating", error: null, process: process({ state: "waiting", waitingFor: "handler", error }) },
    "unhandled",
  ],
  [
    "a create that is being cancelled failed before: nobody tries it again",
    { state: "deleting", error: null, process: process({ name: "create", state: "cancelling", error }) },
    "well",
  ],
  ["deleted", { state: "deleted", error: null, process: null }, "well"],
  ["deleted by force", { state: "deleted", error, process: null }, "forgotten"],
])("%s", (_, machine, expected) => {
  expect(situationOf(machine).kind).toBe(expected);
});
