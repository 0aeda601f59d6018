// How many calls are left in this hour, told with every answer.
import { tooManyRequests } from "./errors.ts";

const hourSeconds = 3600;

export class RateLimit {
  /** Calls in an hour. */
  readonly limit: number;
  #used = 0;
  #resetSeconds = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @throws DigitalOceanError 429 */
  use(): void {
    const seconds = Math.floor(Date.now() / 1000);
    if (seconds >= this.#resetSeconds) {
      this.#used = 0;
      this.#resetSeconds = seconds + hourSeconds;
    }
    if (this.#used >= this.limit) throw tooManyRequests();
    this.#used++;
  }

  headers(): Record<string, string> {
    return {
      "ratelimit-limit": String(this.limit),
      "ratelimit-remaining": String(this.limit - this.#used),
      "ratelimit-reset": String(this.#resetSeconds),
    };
  }
}
