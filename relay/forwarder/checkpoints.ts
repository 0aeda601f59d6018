// Puts the checkpoints of one run on disk, in order, one at a time. While one is being written only the newest waits.
import type { Checkpoint } from "../../functions/contract.ts";

export class Checkpoints {
  readonly #save: (checkpoint: Checkpoint) => Promise<void>;
  #waiting: Checkpoint | null = null;
  #work: Promise<void> | null = null;

  /** `save` must not reject. */
  constructor(save: (checkpoint: Checkpoint) => Promise<void>) {
    this.#save = save;
  }

  add(checkpoint: Checkpoint): void {
    this.#waiting = checkpoint;
    this.#work ??= this.#run();
  }

  /** All that were added are on disk, or were refused. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    while (this.#waiting) {
      const next = this.#waiting;
      this.#waiting = null;
      await this.#save(next);
    }
    this.#work = null;
  }
}
