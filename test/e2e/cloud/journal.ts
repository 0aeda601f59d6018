// Every call that a cloud was asked for, as it came and as it went.
import type { Changes } from "./changes.ts";

const callsMax = 10_000;

export interface Call {
  /** An action of EC2; method and route of DigitalOcean. */
  call: string;
  /** Of the answer; null: none yet, or the connection was cut. */
  status: number | null;
  /** The fault that it met. */
  fault: string | null;
}

export class Journal {
  readonly calls: Call[] = [];
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  begin(call: string, fault: string | null): Call {
    const begun: Call = { call, status: null, fault };
    this.calls.push(begun);
    if (this.calls.length > callsMax) this.calls.shift();
    this.#changes.tell();
    return begun;
  }

  end(call: Call, status: number): void {
    call.status = status;
    this.#changes.tell();
  }
}
