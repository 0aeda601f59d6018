// What an event on the bus is, and what a subscriber's names match. Pure.
import type { AgentLaunch, EventMachine } from "../../functions/contract.ts";

/** A process event: asks one handler for its part. Goes whole to that handler, without secrets to everybody else. */
export interface ProcessEvent {
  id: string;
  /** `machine.create` when a URL answers for it, `machine.create;handler=dns` when a subscriber does. */
  name: string;
  resourceType: "machine";
  resourceId: string;
  /** Whose part this is: the name of a row in `/v1/handlers`. */
  handler: string;
  replyTo: string;
  time: number;
  attempt: number;
  run: number;
  join: boolean;
  leaseMs: number;
  data: { machine: EventMachine; agent?: AgentLaunch };
}

/** Any other event: `resource.change`, `process.cancel`, `host.report`, `host.leave`, `resource.log`, `ping`. Holds no secret. */
export interface Notice {
  id: string;
  name: string;
  resourceType: "machine" | null;
  resourceId: string | null;
  time: number;
  data: unknown;
}

export type BusEvent = ProcessEvent | Notice;

/** `ping` keeps a subscription's connection alive; it is sent by the stream itself. */
export const pingEveryMs = 5_000;

/** Does a subscription to `pattern` hear an event of this name? */
export function matches(pattern: string, name: string): boolean {
  if (pattern === name || pattern === "*") return true;
  if (pattern.endsWith("*")) return name.startsWith(pattern.slice(0, -1));
  // Without a qualifier it means every handler's event of that name.
  return !pattern.includes(";") && name.split(";", 1)[0] === pattern;
}

/** The handler that an event's name addresses, or null. */
export function handlerOf(name: string): string | null {
  return /;handler=(.+)$/.exec(name)?.[1] ?? null;
}
