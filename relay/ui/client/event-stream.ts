// Listens to /v1/subscribe for as long as it is wanted: connects again, resumes where it was, and says when it cannot.
// While nobody looks at the page it rests, and keeps its place.
// By fetch and not by EventSource, because EventSource sends no Authorization header.
import { key, refusal } from "../state/session.ts";
import { authorization, readProblem } from "./ask.ts";
import type { BusEvent } from "./bus-event.ts";
import { createMessageReader } from "./read-messages.ts";

const second = 1000;
/** The relay pings every 5 s: a connection that is silent for longer is dead, whatever the network says. */
const silenceMsMax = 15 * second;
const retryMsMin = second;
const retryMsMax = 15 * second;
/** Browsers allow six connections for a host, and every tab holds some: one that nobody looks at for so long has none. */
const restAfterMs = 30 * second;

export interface StreamOptions {
  names: readonly string[];
  /** Only events about this resource. */
  resourceId?: string;
  onEvent(event: BusEvent): void;
  /** Connected. `missed`: what happened before may be unknown, so look at the resources anew. */
  onOpen?(state: { missed: boolean }): void;
  /** Not connected; it will be tried again at that time (milliseconds since 1970). */
  onLost?(state: { retryAt: number; error: unknown }): void;
}

export interface Stream {
  /** Try now. */
  retry(): void;
  close(): void;
}

export function openStream(options: StreamOptions): Stream {
  let lastEventId: string | null = null;
  let connection: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isWanted = true;

  function connect(): void {
    clearTimeout(timer);
    // Whoever logs in again brings it back.
    if (!isWanted || connection || refusal.value !== null) return;
    const current = new AbortController();
    connection = current;
    listen(current)
      .catch((error: unknown) => error)
      .then((error) => {
        if (connection !== current) return;
        connection = null;
        if (isWanted && refusal.value === null) later(error);
      });
  }

  function later(error: unknown): void {
    const waitMs = Math.min(retryMsMax, retryMsMin * 2 ** failures) * (0.75 + Math.random() / 2);
    failures += 1;
    timer = setTimeout(connect, waitMs);
    options.onLost?.({ retryAt: Date.now() + waitMs, error });
  }

  /** Resolves when the relay ends the stream. */
  async function listen(current: AbortController): Promise<void> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const hearSomething = () => {
      clearTimeout(silence);
      silence = setTimeout(() => current.abort(new Error("nothing was heard for too long")), silenceMsMax);
    };
    hearSomething();
    const query = new URLSearchParams(options.names.map((name): [string, string] => ["eventNames", name]));
    if (options.resourceId !== undefined) query.set("resourceId", options.resourceId);
    const used = key.value;
    const isFirst = lastEventId === null;
    let isOpen = false;
    try {
      const response = await fetch(`/v1/subscribe?${query}`, {
        headers: {
          accept: "text/event-stream",
          ...authorization(used),
          ...(lastEventId === null ? {} : { "last-event-id": lastEventId }),
        },
        cache: "no-store",
        signal: current.signal,
      });
      if (!response.ok || !response.body) throw await readProblem(response, used);
      const body = response.body
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .getReader();
      const readMessages = createMessageReader();
      for (let chunk = await body.read(); !chunk.done; chunk = await body.read()) {
        hearSomething();
        for (const { id, data } of readMessages(chunk.value)) {
          const event = JSON.parse(data) as BusEvent;
          if (id !== null) lastEventId = id;
          // The first word says whether it could resume: before that nobody knows what was missed.
          if (!isOpen) {
            isOpen = true;
            failures = 0;
            options.onOpen?.({ missed: isFirst || event.name === "resume.failed" });
          }
          if (event.name === "subscriber.dropped") return;
          if (event.name !== "ping" && event.name !== "resume.failed") options.onEvent(event);
        }
      }
    } finally {
      clearTimeout(silence);
      current.abort();
    }
  }

  function disconnect(): void {
    clearTimeout(timer);
    const old = connection;
    connection = null;
    old?.abort();
  }

  function restWhileHidden(): void {
    clearTimeout(resting);
    isWanted = true;
    if (document.visibilityState === "visible") return connect();
    resting = setTimeout(() => {
      isWanted = false;
      disconnect();
    }, restAfterMs);
  }

  document.addEventListener("visibilitychange", restWhileHidden);
  // Connects at once, and again whenever a key has been found good.
  const stopWatching = refusal.subscribe((why) => {
    if (why !== null) return;
    failures = 0;
    connect();
  });
  return {
    retry() {
      failures = 0;
      connect();
    },
    close() {
      document.removeEventListener("visibilitychange", restWhileHidden);
      clearTimeout(resting);
      stopWatching();
      isWanted = false;
      disconnect();
    },
  };
}
