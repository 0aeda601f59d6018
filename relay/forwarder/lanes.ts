// One queue for each resource, so that two never work on one machine; gone when idle. One cap for all of them.
import PQueue from "p-queue";

export class Lanes {
  readonly #lanes = new Map<string, PQueue>();
  readonly #cap: PQueue;

  constructor(concurrencyMax: number) {
    this.#cap = new PQueue({ concurrency: concurrencyMax });
  }

  /** Runs it when everything before it in the resource's lane is done. */
  add(resourceId: string, work: () => Promise<void>): Promise<void> {
    return this.#lane(resourceId).add(work);
  }

  /** Runs it when fewer than the cap are under way. Waits inside a lane are spent outside of this. */
  underCap<T>(work: () => Promise<T>): Promise<T> {
    return this.#cap.add(work);
  }

  get count(): number {
    return this.#lanes.size;
  }
  get running(): number {
    return this.#cap.pending;
  }

  #lane(resourceId: string): PQueue {
    const known = this.#lanes.get(resourceId);
    if (known) return known;
    const lane = new PQueue({ concurrency: 1 });
    this.#lanes.set(resourceId, lane);
    lane.addEventListener("idle", () => {
      if (lane.size === 0 && lane.pending === 0 && this.#lanes.get(resourceId) === lane) this.#lanes.delete(resourceId);
    });
    return lane;
  }
}
