// All subscribers that listen over HTTP: opens their streams, pings them, ends them when the relay stops.
import type { ServerResponse } from "node:http";
import type { Bus, Frame } from "../event-bus/bus.ts";
import { hears, isForHandler, isProcessEvent } from "../event-bus/bus.ts";
import { handlerOf, matches, pingEveryMs } from "../event-bus/events.ts";
import { newNoticeId } from "../process-server/ids.ts";
import { EventStream, type StreamLimits } from "./event-stream.ts";
import { bytesOf, type FrameView, formatNotice, type StreamForm } from "./frames.ts";
import type { Caller } from "./keys.ts";

export interface Listener {
  caller: Caller;
  names: readonly string[];
  /** Only events about this one. An agent's own, whatever is said here. */
  resourceId?: string | undefined;
  form: StreamForm;
  /** Where a reader was that comes back; null: it comes for the first time. */
  lastEventId: string | null;
}

export interface Subscriptions {
  /** The response's head is sent, and nothing else will write to it. */
  open(raw: ServerResponse, listener: Listener): void;
  /** Ends the streams that were opened with a handler's key: it opens nothing any more. */
  dropHandler(name: string): void;
  close(): void;
}

export function createSubscriptions(bus: Bus, now: () => number, limits: StreamLimits): Subscriptions {
  const streams = new Map<EventStream, Pick<Listener, "form" | "caller">>();
  let pinging: NodeJS.Timeout | undefined;

  const notice = (name: string, data: unknown) => ({ id: newNoticeId(), name, time: now(), data });
  // Its id is the newest frame's: whoever heard nothing for long can still resume from here.
  const ping = (form: StreamForm) => formatNotice(notice("ping", null), form, bus.lastId);

  function pingAll(): void {
    const pings = { ndjson: ping("ndjson"), sse: ping("sse") };
    for (const [stream, { form }] of streams) stream.write(pings[form]);
  }

  function leave(stream: EventStream): void {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearInterval(pinging);
    pinging = undefined;
  }

  return {
    open(raw, { caller, names, form, lastEventId, ...listener }) {
      // It left while we asked whose key it has, and will not close again.
      if (raw.destroyed) return;
      const stream = new EventStream(raw, {
        limits,
        lastWords: (reason) => formatNotice(notice("subscriber.dropped", { reason }), form),
        onEnd() {
          unsubscribe();
          leave(stream);
        },
      });
      streams.set(stream, { form, caller });
      pinging ??= setInterval(pingAll, pingEveryMs);
      const read = (frame: Frame): Buffer | null => {
        const view = viewFor(caller, frame);
        // A browser keeps what it hears: secrets do not go there, whoever asks.
        return view && bytesOf(frame, form, form === "sse" ? "public" : view);
      };
      const wanted = { names, resourceId: caller.kind === "agent" ? caller.machineId : listener.resourceId };
      const missed = lastEventId === null ? [] : bus.since(lastEventId);
      if (missed === null) {
        const reason = "the events since then are no longer, or never were, kept here: look at the resources anew";
        stream.write(formatNotice(notice("resume.failed", { reason, lastEventId }), form));
      }
      const replayed = (missed ?? []).filter(({ event }) => hears(wanted, event)).map(read);
      // In one piece: what was missed is no backlog.
      stream.write(Buffer.concat([...replayed.filter((bytes) => bytes !== null), Buffer.from(ping(form))]));
      const unsubscribe = bus.subscribe({
        ...wanted,
        mayAnswer: (name) => mayAnswer({ caller, names, form }, name),
        deliver(frame) {
          const bytes = read(frame);
          if (bytes) stream.write(bytes);
        },
      });
    },
    dropHandler(name) {
      for (const [stream, { caller }] of [...streams]) {
        if (caller.kind === "handler" && caller.name === name) stream.drop(`the key of ${name} is no longer valid`);
      }
    },
    close() {
      for (const stream of [...streams.keys()]) stream.close();
    },
  };
}

/** A page that looks at everything is nobody's handler. */
function mayAnswer({ caller, names, form }: Pick<Listener, "caller" | "names" | "form">, name: string): boolean {
  if (caller.kind === "handler") return handlerOf(name) === caller.name;
  return (
    caller.kind === "operator" && form === "ndjson" && names.some((each) => !each.endsWith("*") && matches(each, name))
  );
}

/** What of it may this caller see? An operator what anybody may, a handler its own events whole, an agent its own host's. */
export function viewFor(caller: Caller, { event }: Frame): FrameView | null {
  switch (caller.kind) {
    case "operator":
      return "public";
    case "agent":
      return event.name.startsWith("host.") && event.resourceId === caller.machineId ? "public" : null;
    case "handler": {
      if (isProcessEvent(event)) return isForHandler(event, caller.name) ? "whole" : null;
      const isItsCancel =
        event.name === "process.cancel" && (event.data as { handler?: string }).handler === caller.name;
      return isItsCancel ? "public" : null;
    }
  }
}
