// Waiting for what a cloud becomes: looked at again after every change, and never by the clock.
import { EventEmitter, once } from "node:events";

const minute = 60_000;
/** The longest that anything takes which a test may wait for: a driver that tries in vain for minutes. */
export const untilMsMax = 8 * minute;

export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Something is other than it was. */
  tell(): void {
    this.#emitter.emit("change");
  }

  /**
   * The first state that is as wanted.
   * @throws Error with the last one seen, after untilMsMax
   */
  async until<State>(read: () => State | Promise<State>, isWanted: (state: State) => boolean): Promise<State> {
    const enough = new AbortController();
    const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(untilMsMax)]);
    try {
      for (;;) {
        // Listened to before it is looked at, so that no change falls in between.
        const changed = once(this.#emitter, "change", { signal }).then(
          () => true,
          () => false,
        );
        const state = await read();
        if (isWanted(state)) return state;
        if (!(await changed)) throw new Error(`waited for ${isWanted} in vain; last seen ${JSON.stringify(state)}`);
      }
    } finally {
      enough.abort();
    }
  }
}
