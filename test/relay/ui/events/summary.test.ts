import { expect, test } from "vitest";
import { summarize } from "../../../../relay/ui/events/summary.ts";

const event = { id: "evt_1", name: "", resourceType: "machine", resourceId: "mch_1", time: 0, data: null as unknown };

test.each([
  [
    "a change",
    {
      name: "resource.change",
      data: {
        machine: {
          state: "creating",
          stage: "ssh",
          transitioningProgress: 41.6,
          transitioningMessage: "Waiting\n for SSH",
        },
      },
    },
    "creating · ssh · 42 % · Waiting for SSH",
  ],
  ["a change to rest", { name: "resource.change", data: { machine: { state: "active" } } }, "active"],
  [
    "a report",
    { name: "resource.change", data: { machine: { state: "active", agent: { state: "connected" } } } },
    "active · agent connected",
  ],
  ["log lines", { name: "resource.log", data: { lines: [{ line: "one" }, { line: "two" }] } }, "2 lines · two"],
  ["one log line", { name: "resource.log", data: { lines: [{ line: "one" }] } }, "1 line · one"],
  [
    "a cancel",
    { name: "process.cancel", data: { handler: "create", eventId: "evt_9" } },
    "tells create to end · evt_9",
  ],
  [
    "a process event",
    { name: "machine.create;handler=dns", handler: "dns", attempt: 2, run: 1, data: {} },
    "asks dns · attempt 2 · run 1",
  ],
  ["something unknown", { name: "x", data: [] }, ""],
  ["a change without a machine", { name: "resource.change", data: null }, ""],
  ["a long one", { name: "resource.log", data: { lines: [{ line: "x".repeat(10_000) }] } }, /^1 line · x{291}…$/],
])("%s in a few words", (_, differences, words) => {
  const summary = summarize({ ...event, ...differences });
  if (typeof words === "string") expect(summary).toBe(words);
  else expect(summary).toMatch(words);
});
