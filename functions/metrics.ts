// What `/metrics` tells: how many runs, of what, how long, how they ended.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Invocation } from "./invocations/invocation.ts";
import type { Outcome } from "./invocations/transcript.ts";

const durationBucketsSeconds = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800];

export interface FunctionsMetrics {
  registry: Registry;
  countStart(invocation: Invocation): void;
  countOver(invocation: Invocation, outcome: Outcome): void;
}

export function createMetrics(readKeptBytes: () => number): FunctionsMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const running = new Gauge({
    name: "functions_invocations_running",
    help: "Invocations that are not over.",
    labelNames: ["function"],
    registers,
  });
  const ended = new Counter({
    name: "functions_invocations_total",
    help: "Invocations that are over, by outcome: no, error, or why they ended without a reply.",
    labelNames: ["function", "outcome"],
    registers,
  });
  const duration = new Histogram({
    name: "functions_invocation_duration_seconds",
    help: "From the start of an invocation to its outcome.",
    labelNames: ["function"],
    buckets: durationBucketsSeconds,
    registers,
  });
  new Gauge({
    name: "functions_kept_bytes",
    help: "What is kept of invocations that are over and not acknowledged.",
    registers,
    collect() {
      this.set(readKeptBytes());
    },
  });
  return {
    registry,
    countStart: ({ functionName }) => running.inc({ function: functionName }),
    countOver({ functionName, endedBy, startedAt }, { reply }) {
      running.dec({ function: functionName });
      ended.inc({ function: functionName, outcome: reply?.transitioning ?? endedBy ?? "unclean" });
      duration.observe({ function: functionName }, (performance.now() - startedAt) / 1000);
    },
  };
}
