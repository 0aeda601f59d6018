// Who hears which event. Holds nothing that must last: what is lost here is fired again by the process server.
import type { BusEvent, Notice, ProcessEvent } from "./events.ts";
import { handlerOf, matches } from "./events.ts";

/** How many events `Last-Event-ID` can reach back. */
export const replayEventsMax = 10_000;
/** And how much of programs' output is kept for it: one that prints for ever must not fill the memory. */
export const replayLogCharactersMax = 16 * 1024 * 1024;

/** One event on its way out, serialized at most once for each view, however many hear it. */
export interface Frame {
  /** `<start of this bus>-<number>`: what `Last-Event-ID` names. */
  id: string;
  name: string;
  /** For local subscribers. Secrets included: never log it. */
  event: BusEvent;
  /** Secrets and archives left out. */
  publicJson(): string;
  /** Whole: for the handler whose event it is. */
  wholeJson(): string;
}

export interface Subscription {
  /** Patterns: `machine.create`, `machine.create;handler=dns`, `machine.*`. */
  names: readonly string[];
  /** Only events about this resource (an agent hears `host.*` of its own host). */
  resourceId?: string | undefined;
  /** Could it answer an event of this name that it hears? Absent: yes. Somebody who only looks on cannot. */
  mayAnswer?(name: string): boolean;
  deliver(frame: Frame): void;
}

export interface Bus {
  publish(event: BusEvent): Frame;
  subscribe(subscription: Subscription): () => void;
  /** Is anyone there who hears this name of this resource, and could answer it? */
  isHeard(name: string, resourceId: string | null): boolean;
  /** Called after each new subscription: somebody may have come for whom an event was waiting. */
  onSubscribe(listener: () => void): void;
  /** The events after this id, or null when they can no longer (or never could) be had. */
  since(lastEventId: string): Frame[] | null;
  readonly subscriberCount: number;
  /** The id of the newest frame. A stream that tells its reader so can be resumed even if nothing matched for long. */
  readonly lastId: string;
}

/** `redact` makes the public view of a process event. */
export function createBus(options: { startId: string; redact: (event: ProcessEvent) => Notice }): Bus {
  const subscriptions = new Set<Subscription>();
  const replay: Frame[] = [];
  const subscribeListeners: (() => void)[] = [];
  let number = 0;
  let logCharacters = 0;

  /** What is kept is the public view: archives and secrets go as soon as they are delivered. */
  function keep(frame: Frame): void {
    const { event } = frame;
    replay.push(isProcessEvent(event) ? createFrame(frame.id, options.redact(event), options.redact) : frame);
    logCharacters += logCharactersOf(event);
    if (replay.length <= 2 * replayEventsMax && logCharacters <= replayLogCharactersMax) return;
    let dropped = 0;
    // Half of it at once: to drop the first of many each time would cost more than all else.
    while (replay.length - dropped > replayEventsMax || logCharacters > replayLogCharactersMax / 2) {
      logCharacters -= logCharactersOf((replay[dropped] as Frame).event);
      dropped += 1;
    }
    replay.splice(0, dropped);
  }

  return {
    publish(event) {
      number += 1;
      const frame = createFrame(`${options.startId}-${number}`, event, options.redact);
      keep(frame);
      for (const subscription of subscriptions) if (hears(subscription, event)) subscription.deliver(frame);
      return frame;
    },
    subscribe(subscription) {
      subscriptions.add(subscription);
      for (const listener of subscribeListeners) listener();
      return () => subscriptions.delete(subscription);
    },
    isHeard(name, resourceId) {
      for (const subscription of subscriptions) {
        if (hears(subscription, { name, resourceId }) && (subscription.mayAnswer?.(name) ?? true)) return true;
      }
      return false;
    },
    onSubscribe(listener) {
      subscribeListeners.push(listener);
    },
    since(lastEventId) {
      const last = lastEventId.startsWith(`${options.startId}-`)
        ? Number(lastEventId.slice(options.startId.length + 1))
        : Number.NaN;
      if (!Number.isInteger(last) || last < 0 || last > number) return null;
      const missed = number - last;
      if (missed > replay.length) return null;
      return replay.slice(replay.length - missed);
    },
    get subscriberCount() {
      return subscriptions.size;
    },
    get lastId() {
      return `${options.startId}-${number}`;
    },
  };
}

function logCharactersOf({ name, data }: BusEvent): number {
  if (name !== "resource.log") return 0;
  return (data as { lines: { line: string }[] }).lines.reduce((sum, { line }) => sum + line.length, 0);
}

/** Is it among the names, and about the resource, that were asked for? */
export function hears(
  subscription: Pick<Subscription, "names" | "resourceId">,
  event: Pick<BusEvent, "name" | "resourceId">,
): boolean {
  if (subscription.resourceId !== undefined && subscription.resourceId !== event.resourceId) return false;
  return subscription.names.some((pattern) => matches(pattern, event.name));
}

function createFrame(id: string, event: BusEvent, redact: (event: ProcessEvent) => Notice): Frame {
  let publicJson: string | undefined;
  let wholeJson: string | undefined;
  return {
    id,
    name: event.name,
    event,
    publicJson() {
      publicJson ??= JSON.stringify(isProcessEvent(event) ? redact(event) : event);
      return publicJson;
    },
    wholeJson() {
      wholeJson ??= JSON.stringify(event);
      return wholeJson;
    },
  };
}

/** Process events are the ones that somebody must reply to. */
export function isProcessEvent(event: BusEvent): event is ProcessEvent {
  return "replyTo" in event;
}

/** May a key of this handler see the whole of this event? */
export function isForHandler(event: BusEvent, handler: string): boolean {
  return isProcessEvent(event) && handlerOf(event.name) === handler;
}
