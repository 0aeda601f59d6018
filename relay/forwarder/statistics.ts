// What the forwarder counts of each handler: for metrics and the API.
import { maskUrl } from "../masked-url.ts";
import type { Clock } from "./config.ts";

export interface HandlerStatistics {
  handler: string;
  /** Being worked on now. */
  inFlight: number;
  /** At which URLs, as people may read them: more than one during a swap. */
  places: { url: string; inFlight: number }[];
  /** In a lane, or waiting for the cap. */
  queued: number;
  replies: number;
  /** From the POST to the reply, joins not counted in; null before the first reply. */
  meanReplyMs: number | null;
  /** Attempts that brought no reply. */
  errors: number;
  lastError: { at: number; code: string; message: string } | null;
}

export interface ForwarderStatistics {
  /** Resources with something to do. */
  lanes: number;
  /** Waiting for their turn in a lane, or for the cap. */
  queued: number;
  /** Invocations and what belongs to them, under the cap. */
  running: number;
  handlers: HandlerStatistics[];
}

type Counted = Omit<HandlerStatistics, "queued" | "meanReplyMs" | "places"> & {
  totalReplyMs: number;
  /** By URL; one that has none under way is not in it, so that no swap is remembered for ever. */
  places: Map<string, number>;
};

export class Statistics {
  readonly #handlers = new Map<string, Counted>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An invocation began; call what it returns when it is over. */
  begin(handler: string, url: string): (hasReplied: boolean) => void {
    const counted = this.#of(handler);
    const beganAt = this.#clock.monotonic();
    const place = maskUrl(url);
    counted.inFlight += 1;
    counted.places.set(place, (counted.places.get(place) ?? 0) + 1);
    return (hasReplied) => {
      counted.inFlight -= 1;
      const left = (counted.places.get(place) ?? 1) - 1;
      if (left > 0) counted.places.set(place, left);
      else counted.places.delete(place);
      if (!hasReplied) return;
      counted.replies += 1;
      counted.totalReplyMs += this.#clock.monotonic() - beganAt;
    };
  }

  fail(handler: string, code: string, message: string): void {
    const counted = this.#of(handler);
    counted.errors += 1;
    counted.lastError = { at: this.#clock.now(), code, message };
  }

  /** `queued`: by handler. */
  list(queued: ReadonlyMap<string, number>): HandlerStatistics[] {
    for (const handler of queued.keys()) this.#of(handler);
    return [...this.#handlers.values()].map(({ totalReplyMs, places, ...counted }) => ({
      ...counted,
      places: [...places].map(([url, inFlight]) => ({ url, inFlight })),
      queued: queued.get(counted.handler) ?? 0,
      meanReplyMs: counted.replies > 0 ? totalReplyMs / counted.replies : null,
    }));
  }

  #of(handler: string): Counted {
    const known = this.#handlers.get(handler);
    if (known) return known;
    const added: Counted = {
      ...{ handler, inFlight: 0, replies: 0, totalReplyMs: 0, errors: 0, lastError: null },
      places: new Map(),
    };
    this.#handlers.set(handler, added);
    return added;
  }
}
