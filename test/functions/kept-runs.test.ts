import { afterEach, expect, test } from "vitest";
import { createCancelledEvents } from "../../functions/invocations/cancelled-events.ts";
import { createKeptRuns, type KeptRun, type KeptRuns } from "../../functions/invocations/kept-runs.ts";
import { Transcript } from "../../functions/invocations/transcript.ts";

let now = 0;
let kept: KeptRuns<KeptRun> | undefined;
afterEach(() => kept?.close());

function open(): KeptRuns<KeptRun> {
  now = 0;
  kept = createKeptRuns<KeptRun>({ bytesMax: 1000, keptForMs: 5000, now: () => now });
  return kept;
}
function runOf(eventId: string, bytes: number): KeptRun {
  const transcript = new Transcript();
  transcript.checkpoint("x".repeat(bytes));
  transcript.finish({ reply: null, ended: { clean: true, reason: "" } });
  return { eventId, transcript };
}

test("past the limit of memory the oldest goes first", () => {
  const runs = open();
  runs.keep(runOf("a", 400));
  runs.keep(runOf("b", 400));
  runs.keep(runOf("c", 400));
  expect([runs.get("a"), runs.get("b")?.eventId, runs.get("c")?.eventId]).toEqual([null, "b", "c"]);
  expect(runs.bytes).toBe(800);
});

test("what was acknowledged makes room and is still known", () => {
  const runs = open();
  runs.keep(runOf("a", 900));
  runs.acknowledge("a");
  expect(runs.bytes).toBe(0);
  runs.keep(runOf("b", 900));
  expect(runs.get("a")?.transcript.isAcknowledged).toBe(true);
  expect(runs.get("b")?.eventId).toBe("b");
});

test("after its time a run is unknown", () => {
  const runs = open();
  runs.keep(runOf("a", 1));
  now = 4999;
  expect(runs.get("a")).not.toBeNull();
  now = 5000;
  expect(runs.get("a")).toBeNull();
});

test("a newer run of the same event replaces the older one", () => {
  const runs = open();
  runs.keep(runOf("a", 300));
  runs.keep(runOf("a", 200));
  expect(runs.bytes).toBe(200);
});

test("a cancel is remembered for its time, and no longer", () => {
  now = 0;
  const cancelled = createCancelledEvents({ rememberMs: 100, now: () => now });
  cancelled.remember("a", null);
  cancelled.remember("b", 2);
  expect([cancelled.has("a", 9), cancelled.has("b", 2), cancelled.has("b", 3), cancelled.has("c", 1)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  now = 100;
  expect(cancelled.has("a", 1)).toBe(false);
});
