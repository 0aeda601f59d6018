// Listens to /v1/subscribe for as long as it is wanted: connects again, resumes where it was, and says when it cannot.
// By fetch and not by EventSource, because EventSource sends no Authorization header.
import { EventSourceParserStream } from "eventsource-parser/stream";
import { key, refusal } from "../state/session.ts";
import { authorization, readProblem } from "./ask.ts";

const second = 1000;
/** The relay pings every 5 s: a connection that is silent for longer is dead, whatever the network says. */
const silenceMsMax = 15 * second;
const retryMsMin = second;
const retryMsMax = 15 * second;
/** One event with an endless line must not fill the tab. */
const bufferCharactersMax = 32 * 1024 * 1024;

/** As the relay sends it; `data` is the event's own. */
export interface BusEvent {
  id: string;
  name: string;
  resourceType: string | null;
  resourceId: string | null;
  time: number;
  data: unknown;
}

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
  /** Keeps its place: `resume` goes on from there. */
  pause(): void;
  resume(): void;
  /** Try now. */
  retry(): void;
  close(): void;
}

export function openStream(options: StreamOptions): Stream {
  let lastEventId: string | null = null;
  let connection: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isWanted = true;

  function connect(): void {
    clearTimeout(timer);
    // Whoever logs in again brings it back.
    if (!isWanted || connection || refusal.value !== null) return;
    const current = new AbortController();
    connection = current;
    listen(current.signal)
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
  async function listen(signal: AbortSignal): Promise<void> {
    const alive = new Watchdog(silenceMsMax);
    const query = new URLSearchParams(options.names.map((name): [string, string] => ["eventNames", name]));
    if (options.resourceId !== undefined) query.set("resourceId", options.resourceId);
    const used = key.value;
    const response = await fetch(`/v1/subscribe?${query}`, {
      headers: {
        accept: "text/event-stream",
        ...authorization(used),
        ...(lastEventId === null ? {} : { "last-event-id": lastEventId }),
      },
      cache: "no-store",
      signal: AbortSignal.any([signal, alive.signal]),
    });
    if (!response.ok || !response.body) throw await readProblem(response, used);
    const isFirst = lastEventId === null;
    let isOpen = false;
    const messages = response.body
      .pipeThrough(alive.watch())
      .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
      .pipeThrough(new EventSourceParserStream({ maxBufferSize: bufferCharactersMax }));
    try {
      for await (const { id, data } of messages) {
        const event = JSON.parse(data) as BusEvent;
        if (id) lastEventId = id;
        // The first word says whether it could resume: before that nobody knows what was missed.
        if (!isOpen) {
          isOpen = true;
          failures = 0;
          options.onOpen?.({ missed: isFirst || event.name === "resume.failed" });
        }
        if (event.name === "subscriber.dropped") return;
        if (event.name !== "ping" && event.name !== "resume.failed") options.onEvent(event);
      }
    } finally {
      alive.stop();
    }
  }

  function disconnect(): void {
    clearTimeout(timer);
    const old = connection;
    connection = null;
    old?.abort();
  }

  // Connects at once, and again whenever a key has been found good.
  const stopWatching = refusal.subscribe((why) => {
    if (why !== null) return;
    failures = 0;
    connect();
  });
  return {
    pause() {
      isWanted = false;
      disconnect();
    },
    resume() {
      isWanted = true;
      connect();
    },
    retry() {
      failures = 0;
      connect();
    },
    close() {
      stopWatching();
      isWanted = false;
      disconnect();
    },
  };
}

/** Aborts when nothing has come for too long. */
class Watchdog {
  readonly #abort = new AbortController();
  readonly #limitMs: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#timer = this.#arm();
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  watch(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream({
      transform: (chunk, controller) => {
        clearTimeout(this.#timer);
        this.#timer = this.#arm();
        controller.enqueue(chunk);
      },
    });
  }
  stop(): void {
    clearTimeout(this.#timer);
  }
  #arm() {
    return setTimeout(() => this.#abort.abort(new Error("nothing was heard for too long")), this.#limitMs);
  }
}
