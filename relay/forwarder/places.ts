// Where is the next run started? One address of the handler's URL that is there and ready, and what it promises.
import type { Addresses } from "./addresses.ts";
import { describeError } from "./connections.ts";
import type { Situation } from "./outcomes.ts";
import type { Probes } from "./probes.ts";

export type Place =
  | { isFound: true; url: string; address: string; isLeased: boolean }
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
    let addresses: string[];
    try {
      addresses = await this.#addresses.of(parsed);
    } catch (error) {
      return { isFound: false, situation: "refused", got: describeError(error) };
    }
    let failure: Place = { isFound: false, situation: "refused", got: "no address" };
    for (const address of addresses) {
      const probe = await this.#probes.of(parsed, address, signal);
      if (probe.isUsable) return { isFound: true, url, address, isLeased: probe.keepsLeases };
      this.#addresses.avoid(address);
      failure = { isFound: false, situation: probe.situation, got: `${probe.got} (${address})` };
    }
    return failure;
  }
}

/** Null: no URL that can be called. */
export function parseHandlerUrl(url: string): URL | null {
  const parsed = URL.parse(url);
  return parsed && (parsed.protocol === "http:" || parsed.protocol === "https:") ? parsed : null;
}
