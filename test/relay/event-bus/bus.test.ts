import { expect, test } from "vitest";
import { createBus, replayEventsMax, replayLogCharactersMax } from "../../../relay/event-bus/bus.ts";
import type { Notice } from "../../../relay/event-bus/events.ts";
import { redactEvent } from "../../../relay/event-bus/redact.ts";

const notice = (name: string, data: unknown): Notice => ({
  id: "not_1",
  name,
  resourceType: "machine",
  resourceId: "mch_1",
  time: 0,
  data,
});
const line = "x".repeat(1024 * 1024);
const logged = notice("resource.log", { processId: "prc_1", lines: [{ at: 0, stream: "stdout", line }] });

test("what was missed is had again from the last id on, and only from this bus", () => {
  const bus = createBus({ startId: "one", redact: redactEvent });
  const first = bus.publish(notice("resource.change", 1));
  const second = bus.publish(notice("resource.change", 2));
  expect(bus.since(first.id)).toEqual([second]);
  expect(bus.since(second.id)).toEqual([]);
  expect(bus.since("two-1")).toBeNull();
  expect(bus.since("one-3")).toBeNull();
});

test("a program that prints for ever leaves no more behind than is kept of output, and the newest of it", () => {
  const bus = createBus({ startId: "one", redact: redactEvent });
  const frames = Array.from({ length: 100 }, () => bus.publish(logged));
  const kept = frames.filter(({ id }) => bus.since(id) !== null).length;
  expect(kept).toBeLessThanOrEqual(replayLogCharactersMax / line.length + 1);
  expect(bus.since(frames.at(-3)!.id)).toEqual(frames.slice(-2));
});

test("whoever hears of one resource only is nobody's handler for another", () => {
  const bus = createBus({ startId: "one", redact: redactEvent });
  const heard: unknown[] = [];
  bus.subscribe({
    names: ["machine.*"],
    resourceId: "mch_2",
    deliver: ({ event }) => heard.push([event.name, event.resourceId]),
  });
  expect(bus.isHeard("machine.create", "mch_1")).toBe(false);
  expect(bus.isHeard("machine.create", "mch_2")).toBe(true);
  bus.publish(notice("machine.create", 1));
  bus.publish({ ...notice("machine.create", 2), resourceId: "mch_2" });
  bus.publish({ ...notice("resource.change", 3), resourceId: "mch_2" });
  expect(heard).toEqual([["machine.create", "mch_2"]]);
});

test("what can be had again is bounded in number too", () => {
  const bus = createBus({ startId: "one", redact: redactEvent });
  for (let count = 0; count <= 2 * replayEventsMax; count++) bus.publish(notice("resource.change", count));
  expect(bus.since("one-0")).toBeNull();
  expect(bus.since(`one-${replayEventsMax + 1}`)).toHaveLength(replayEventsMax);
});
