// What this process knows of the runs that may live, and until when each may. Counted on the monotonic clock.
import type { Run } from "../store/types.ts";
import type { Clock } from "./config.ts";

export interface RunMemory {
  readonly run: number;
  /** As it was promised at the run's start; 0 where the handler keeps none. */
  readonly leaseMs: number;
  /** After this moment, on the monotonic clock, the run is over for certain (where the handler keeps leases). */
  leaseEndsAt: number;
  /** Its start was POSTed by this process, so `wasRenewed` is the whole truth. */
  readonly isOurs: boolean;
  wasRenewed: boolean;
  /** The last word to its start was a definite "not now": nothing of it lives. False from the moment it is sent again. */
  isRefused: boolean;
  /** Since when that has been so, over all tries; null: it never was. */
  refusedSince: number | null;
  /** A join was answered "unknown": nothing more is asked until the lease is over. */
  isUnknown: boolean;
  newestBeat: number;
  /** The newest checkpoint that is on disk. */
  savedCheckpoint: number;
  /** Connections in a row that were lost or refused. */
  failures: number;
}

/** Past this many, those whose lease is over are forgotten; a run without memory is treated just like them. */
const memoriesMax = 10_000;

export class Leases {
  readonly #memories = new Map<string, RunMemory>();
  readonly #clock: Clock;
  /** Before this, another process of ours may have renewed any run: it is given a full lease from here. */
  readonly #startedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** A run whose start is about to be POSTed by this process. */
  begin(run: Run): RunMemory {
    this.#sweep();
    return this.#remember(run, true, this.#clock.monotonic());
  }

  /** What is known of a run that is not known to be over. */
  of(run: Run): RunMemory {
    const known = this.#memories.get(run.eventId);
    return known?.run === run.run ? known : this.#remember(run, false, this.#startedAt);
  }

  forget(eventId: string): void {
    this.#memories.delete(eventId);
  }

  /** Call it before the renewal is sent: the function counts from the beat, which was earlier still. */
  renew(memory: RunMemory): void {
    memory.wasRenewed = true;
    this.extend(memory);
  }

  /** A full lease from now. */
  extend(memory: RunMemory): void {
    memory.leaseEndsAt = Math.max(memory.leaseEndsAt, this.#clock.monotonic() + memory.leaseMs);
  }

  remainingMs(memory: RunMemory): number {
    return Math.max(0, memory.leaseEndsAt - this.#clock.monotonic());
  }

  #remember({ eventId, run, leaseMs }: Run, isOurs: boolean, from: number): RunMemory {
    const memory: RunMemory = {
      run,
      leaseMs: leaseMs ?? 0,
      isOurs,
      leaseEndsAt: from + (leaseMs ?? 0),
      wasRenewed: false,
      isRefused: false,
      refusedSince: null,
      isUnknown: false,
      newestBeat: 0,
      savedCheckpoint: 0,
      failures: 0,
    };
    this.#memories.set(eventId, memory);
    return memory;
  }

  #sweep(): void {
    if (this.#memories.size < memoriesMax) return;
    const now = this.#clock.monotonic();
    for (const [eventId, memory] of this.#memories) if (memory.leaseEndsAt < now) this.#memories.delete(eventId);
  }
}

/** A run starts no process before its first renewal: one that never had any did nothing. */
export function didNothing(memory: RunMemory): boolean {
  return memory.isOurs && !memory.wasRenewed;
}
