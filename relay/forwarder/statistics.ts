// What the forwarder counts of each handler: for metrics and the API.
import type { Clock } from "./config.ts";

export interface HandlerStatistics {
  handler: string;
  /** Where its last invocation went; null before the first. */
  url: string | null;
  /** Being worked on now. */
  inFlight: number;
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

type Counted = Omit<HandlerStatistics, "queued" | "meanReplyMs"> & { totalReplyMs: number };

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
    counted.url = url;
    counted.inFlight += 1;
    return (hasReplied) => {
      counted.inFlight -= 1;
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
    return [...this.#handlers.values()].map(({ totalReplyMs, ...counted }) => ({
      ...counted,
      queued: queued.get(counted.handler) ?? 0,
      meanReplyMs: counted.replies > 0 ? totalReplyMs / counted.replies : null,
    }));
  }

  #of(handler: string): Counted {
    const known = this.#handlers.get(handler);
    if (known) return known;
    const added = { handler, url: null, inFlight: 0, replies: 0, totalReplyMs: 0, errors: 0, lastError: null };
    this.#handlers.set(handler, added);
    return added;
  }
}
