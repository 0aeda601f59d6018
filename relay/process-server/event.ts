// Builds the event that asks a handler for its part. Pure. What it holds is whole, secrets included.
import type { AgentLaunch } from "../../functions/contract.ts";
import type { ProcessEvent } from "../event-bus/events.ts";
import type { Machine, Process, Step } from "../store/types.ts";
import type { ProcessServerConfig } from "./config.ts";
import { lifecycles } from "./lifecycles.ts";

export interface EventParts {
  machine: Machine;
  archive: string | null;
  agent: AgentLaunch | null;
  process: Process;
  step: Step;
  hasUrl: boolean;
}

export function eventName(process: Process, step: Step, hasUrl: boolean): string {
  const { event } = lifecycles[process.name];
  return hasUrl ? event : `${event};handler=${step.handler}`;
}

export function buildEvent(
  { machine, archive, agent, process, step, hasUrl }: EventParts,
  now: number,
  config: ProcessServerConfig,
): ProcessEvent {
  return {
    id: step.eventId,
    name: eventName(process, step, hasUrl),
    resourceType: "machine",
    resourceId: machine.id,
    handler: step.handler,
    replyTo: `reply.${step.eventId}`,
    time: now,
    attempt: step.attempt,
    run: Math.max(step.run, 1),
    join: false,
    leaseMs: config.leaseMs,
    data: {
      machine: {
        id: machine.id,
        name: machine.name,
        machineName: machine.machineName,
        driver: machine.driver,
        driverConfig: machine.driverConfig,
        engine: machine.engine,
        labels: machine.labels,
        archive,
        resolved: machine.resolved,
        unsettledMs: remainingMs(machine.unsettledSince, config.settleMs, now),
        ipAddress: machine.ipAddress,
      },
      ...(agent ? { agent } : {}),
    },
  };
}

function remainingMs(since: number | null, settleMs: number, now: number): number | null {
  return since === null ? null : Math.max(0, since + settleMs - now);
}
