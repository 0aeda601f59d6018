// Where is the next run started? One address of the handler's URL that is there and ready, and what it promises.
import type { Addresses } from "./addresses.ts";
import { describeError } from "./connections.ts";
import type { Situation } from "./outcomes.ts";
import type { Probes } from "./probes.ts";

export type Place =
  /** `release`: call it when the invocation there is over. */
  | { isFound: true; url: string; address: string; isLeased: boolean; release: () => void }
  | { isFound: false; situation: Situation; got: string };

export class Places {
  readonly #addresses: Addresses;
  readonly #probes: Probes;

  constructor(addresses: Addresses, probes: Probes) {
    this.#addresses = addresses;
    this.#probes = probes;
  }

  async find(url: string, signal: AbortSignal): Promise<Place> {
    const parsed = parseHandlerUrl(url);
    if (!parsed) return { isFound: false, situation: "notFound", got: "no http or https URL" };
    const tried = new Set<string>();
    let failure: Place = { isFound: false, situation: "refused", got: "no address" };
    try {
      for (;;) {
        const taken = await this.#addresses.takeBest(parsed, tried);
        if (taken === null) return failure;
        const { address, release } = taken;
        tried.add(address);
        const probe = await this.#probes.of(parsed, address, signal);
        if (probe.isUsable) return { isFound: true, url, address, isLeased: probe.keepsLeases, release };
        release();
        this.#addresses.avoid(address);
        failure = { isFound: false, situation: probe.situation, got: `${probe.got} (${address})` };
      }
    } catch (error) {
      // The name has no address.
      return { isFound: false, situation: "refused", got: describeError(error) };
    }
  }
}

/** Null: no URL that can be called. */
export function parseHandlerUrl(url: string): URL | null {
  const parsed = URL.parse(url);
  return parsed && (parsed.protocol === "http:" || parsed.protocol === "https:") ? parsed : null;
}
