// One subscriber's connection: writes what it hears, and is bounded in what may wait for a slow reader.
//
// It writes to the response itself, for SSE too, where @fastify/sse brings the negotiation, the headers and
// Last-Event-ID: the plugin's send() formats each event anew for each subscriber, adds two listeners for every event that
// waits, and never settles when the reader has vanished. Here a frame is bytes made once for all, and waiting is counted.
import type { ServerResponse } from "node:http";

/** Events that may wait for a reader, and their bytes. Past either it is dropped, and must subscribe again. */
export const subscriberBacklogMax = 1_000;
export const subscriberBacklogBytesMax = 16 * 1024 * 1024;
/** How long a dropped reader has to read why. */
const lastWordsMs = 2_000;

export interface StreamLimits {
  backlogMax: number;
  backlogBytesMax: number;
}
export const streamLimitsDefault: StreamLimits = {
  backlogMax: subscriberBacklogMax,
  backlogBytesMax: subscriberBacklogBytesMax,
};

export class EventStream {
  readonly #raw: ServerResponse;
  readonly #limits: StreamLimits;
  readonly #onEnd: () => void;
  readonly #lastWords: (reason: string) => string;
  #waiting = 0;
  #isOver = false;
  readonly #written = () => {
    this.#waiting -= 1;
  };

  /** `lastWords` makes what a dropped reader is told; `onEnd` is called once, whoever ended it. */
  constructor(
    raw: ServerResponse,
    { limits, lastWords, onEnd }: { limits: StreamLimits; lastWords: (reason: string) => string; onEnd: () => void },
  ) {
    this.#raw = raw;
    this.#limits = limits;
    this.#lastWords = lastWords;
    this.#onEnd = onEnd;
    raw.once("close", () => this.#end());
    // A reader that goes away in mid-write is no news; its close follows.
    raw.on("error", () => {});
  }

  write(chunk: string | Buffer): void {
    if (this.#isOver) return;
    if (this.#waiting >= this.#limits.backlogMax) return this.drop(`${this.#waiting} events waited to be read`);
    const waitingBytes = this.#raw.writableLength;
    if (waitingBytes > this.#limits.backlogBytesMax) return this.drop(`${waitingBytes} bytes waited to be read`);
    this.#waiting += 1;
    this.#raw.write(chunk, this.#written);
  }

  /** Says why, and ends: what waits may still be read for a moment, then the connection is cut. */
  drop(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    const { socket } = this.#raw;
    const timer = setTimeout(() => socket?.destroy(), lastWordsMs);
    this.#raw.end(this.#lastWords(`${reason}: subscribe again, nothing is lost`), () => socket?.end());
    socket?.once("close", () => clearTimeout(timer));
  }

  /** At once: the relay stops. Nobody waits for a slow reader then. */
  close(): void {
    const isBehind = this.#waiting > 0 && this.#raw.writableNeedDrain;
    this.#end();
    if (isBehind) this.#raw.destroy();
    else this.#raw.end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
  }
}
