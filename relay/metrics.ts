// What the relay counts, for Prometheus. What can be asked for is asked for when somebody looks; the rest is observed.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Bus } from "./event-bus/bus.ts";
import type { Observer } from "./process-server/engine.ts";
import type { Store } from "./store/types.ts";

const second = 1;
const minute = 60 * second;
/** From the first firing to the final reply: a no-op takes milliseconds, a cloud minutes. */
const replySecondsBuckets = [0.005, 0.02, 0.1, 0.5, second, 5, 15, 30, minute, 2 * minute, 5 * minute, 15 * minute];

export interface MetricsSources {
  store: Pick<Store, "countMachinesByState" | "countProcessesByState">;
  bus: Pick<Bus, "subscriberCount">;
  /** Of the forwarder: waiting for their turn, and under way. */
  invocations: () => { queued: number; running: number };
}

export interface Metrics {
  observer: Observer;
  render(sources: MetricsSources): Promise<{ contentType: string; text: string }>;
}

export function createMetrics({ isProcessIncluded }: { isProcessIncluded: boolean }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const prefix = "machine_relay_";
  if (isProcessIncluded) collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `${prefix}${name}`, help, labelNames, registers });
  const machines = gauge("machines", "Machines by state.", ["state"]);
  const processes = gauge("processes", "Processes by state.", ["state"]);
  const subscribers = gauge("subscribers", "Subscribers of the event bus, the forwarder included.");
  const queued = gauge("invocations_queued", "Events that wait for their turn in the forwarder.");
  const running = gauge("invocations_running", "Invocations of functions that are under way.");
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames, registers });
  const firings = counter("firings_total", "Events fired, the first time and again.", ["process"]);
  const refires = counter("refires_total", "Events fired again.", ["process"]);
  const replies = counter("replies_total", "Final replies.", ["process", "outcome"]);
  const replySeconds = new Histogram({
    name: `${prefix}reply_seconds`,
    help: "From the first firing of an event to its final reply.",
    labelNames: ["process"],
    buckets: replySecondsBuckets,
    registers,
  });

  return {
    observer: {
      fired({ name: process }, attempt) {
        firings.inc({ process });
        if (attempt > 1) refires.inc({ process });
      },
      replied({ name: process }, durationMs, isError) {
        replies.inc({ process, outcome: isError ? "error" : "done" });
        replySeconds.observe({ process }, durationMs / 1000);
      },
    },
    async render({ store, bus, invocations }) {
      const [machineCounts, processCounts] = await Promise.all([
        store.countMachinesByState(),
        store.countProcessesByState(),
      ]);
      setByState(machines, machineCounts);
      setByState(processes, processCounts);
      subscribers.set(bus.subscriberCount);
      queued.set(invocations().queued);
      running.set(invocations().running);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function setByState(gauge: Gauge, counts: Record<string, number>): void {
  gauge.reset();
  for (const [state, count] of Object.entries(counts)) gauge.set({ state }, count);
}
