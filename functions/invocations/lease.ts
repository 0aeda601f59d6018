// How long a run may live. Counted from the moment a beat was *sent*, so that this end always comes before the relay's.
// Times are milliseconds on a monotonic clock; nothing here looks at it.
import { FunctionProblem } from "../problem.ts";

/** What those need to know who must be over by then. */
export interface LeaseEnd {
  readonly endsAt: number;
  /** Calls back when the end was put off. Returns how to stop that. */
  onRenewed(listener: () => void): () => void;
}

export class Lease implements LeaseEnd {
  readonly leaseMs: number;
  #endsAt: number;
  #newestBeat = 0;
  /** Of the beats that can still put the end off. */
  readonly #sentAt = new Map<number, number>();
  readonly #listeners = new Set<() => void>();

  /** One that is never renewed ends `leaseMs` after it began. */
  constructor(leaseMs: number, now: number) {
    this.leaseMs = leaseMs;
    this.#endsAt = now + leaseMs;
  }

  get endsAt(): number {
    return this.#endsAt;
  }

  hasEnded(now: number): boolean {
    return now >= this.#endsAt;
  }

  noteBeat(beat: number, now: number): void {
    this.#newestBeat = beat;
    this.#sentAt.set(beat, now);
  }

  /** @throws FunctionProblem 410 `lease.ended`, 422 `beat.unknown` */
  renew(beat: number, now: number): void {
    // An end that has come stays, also when this process was stopped and nobody has noticed yet.
    if (this.hasEnded(now)) throw leaseEnded();
    if (beat > this.#newestBeat) throw beatUnknown(beat, this.#newestBeat);
    const sentAt = this.#sentAt.get(beat);
    // An older beat than one that was named already: true, and no news.
    if (sentAt === undefined) return;
    for (const known of this.#sentAt.keys()) if (known <= beat) this.#sentAt.delete(known);
    this.#endsAt = Math.max(this.#endsAt, sentAt + this.leaseMs);
    for (const listener of this.#listeners) listener();
  }

  onRenewed(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export function leaseEnded(): FunctionProblem {
  return new FunctionProblem({
    status: 410,
    code: "lease.ended",
    detail: "The lease of this run has ended. It is not revived: ask what is known of it, then start a new run.",
  });
}

function beatUnknown(beat: number, newestBeat: number): FunctionProblem {
  const expected =
    newestBeat === 0 ? "a beat that was sent (none was yet)" : `a beat that was sent, from 1 to ${newestBeat}`;
  return new FunctionProblem({
    status: 422,
    code: "beat.unknown",
    detail: `beat must be ${expected}, got ${beat}`,
    field: "beat",
    expected,
    got: String(beat),
  });
}
