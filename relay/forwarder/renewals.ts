// Renews the lease of one run for as long as its stream is open: at the first beat, then regularly with the newest one.
import type { RunMemory } from "./leases.ts";

export interface RenewalParts {
  memory: RunMemory;
  everyMs: number;
  /** False from a cancel on. */
  mayRenew: () => boolean;
  /** Counts the lease from now, and sends. */
  send: (beat: number, checkpoint: number) => Promise<void>;
}

export class Renewals {
  readonly #parts: RenewalParts;
  #timer: NodeJS.Timeout | null = null;
  #sentBeat = 0;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  heard(beat: number): void {
    const { memory, everyMs } = this.#parts;
    // Beats are numbered upwards; an older one would renew for a shorter time than we would believe.
    memory.newestBeat = Math.max(memory.newestBeat, beat);
    if (this.#timer) return;
    this.#renew();
    this.#timer = setInterval(() => {
      // The lease is counted from the beat: naming the same one again would gain nothing.
      if (memory.newestBeat > this.#sentBeat) this.#renew();
    }, everyMs);
  }

  /** A checkpoint is on disk, and is acknowledged by a renewal. */
  saved(checkpoint: number): void {
    this.#parts.memory.savedCheckpoint = Math.max(this.#parts.memory.savedCheckpoint, checkpoint);
    if (this.#parts.memory.newestBeat > 0) this.#renew();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  #renew(): void {
    const { memory, mayRenew, send } = this.#parts;
    if (!mayRenew()) return;
    const beat = memory.newestBeat;
    this.#sentBeat = Math.max(this.#sentBeat, beat);
    send(beat, memory.savedCheckpoint).catch(() => {
      // Not heard: the next tick names it again, unless there is a newer one.
      if (this.#sentBeat === beat) this.#sentBeat = beat - 1;
    });
  }
}
