// Which addresses has a URL, and which of them comes first? The least busy one, and one that refused comes last.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Clock, ForwarderConfig } from "./config.ts";

/** All addresses of a host name. @throws when it has none */
export type Lookup = (hostname: string) => Promise<string[]>;

export const systemLookup: Lookup = async (hostname) =>
  (await lookup(hostname, { all: true, order: "verbatim" })).map(({ address }) => address);

const defaultPorts: Record<string, string> = { "http:": "80", "https:": "443" };

export class Addresses {
  readonly #config: ForwarderConfig;
  readonly #clock: Clock;
  readonly #lookup: Lookup;
  readonly #resolved = new Map<string, { hosts: Promise<string[]>; at: number }>();
  readonly #avoidedUntil = new Map<string, number>();
  readonly #inFlight = new Map<string, number>();
  readonly #lastUsedAt = new Map<string, number>();
  #uses = 0;

  constructor(config: ForwarderConfig, clock: Clock, lookup: Lookup = systemLookup) {
    this.#config = config;
    this.#clock = clock;
    this.#lookup = lookup;
  }

  /** `host:port` of each, best first. @throws what the look-up throws */
  async of(url: URL): Promise<string[]> {
    const port = url.port || defaultPorts[url.protocol];
    const hosts = await this.#resolve(url.hostname.replace(/^\[(.*)\]$/, "$1"));
    const addresses = hosts.map((host) => (isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`));
    return this.#sort(addresses);
  }

  /** The best one that was not tried yet, taken; null: there is none. @throws what the look-up throws */
  async takeBest(url: URL, tried: ReadonlySet<string>): Promise<{ address: string; release: () => void } | null> {
    // Between looking and taking nobody else may look: events that come together are spread.
    const addresses = await this.of(url);
    const address = this.#sort(addresses).find((other) => !tried.has(other));
    return address === undefined ? null : { address, release: this.take(address) };
  }

  /** It refused: the others come first for a while. */
  avoid(address: string): void {
    this.#avoidedUntil.set(address, this.#clock.monotonic() + this.#config.avoidAddressMs);
  }

  /** An invocation goes there; call what it returns when it is over. */
  take(address: string): () => void {
    this.#inFlight.set(address, (this.#inFlight.get(address) ?? 0) + 1);
    this.#uses += 1;
    this.#lastUsedAt.set(address, this.#uses);
    return () => {
      const left = (this.#inFlight.get(address) ?? 1) - 1;
      if (left > 0) this.#inFlight.set(address, left);
      else this.#inFlight.delete(address);
    };
  }

  #sort(addresses: string[]): string[] {
    return addresses.sort(
      (a, b) =>
        Number(this.#isAvoided(a)) - Number(this.#isAvoided(b)) ||
        (this.#inFlight.get(a) ?? 0) - (this.#inFlight.get(b) ?? 0) ||
        (this.#lastUsedAt.get(a) ?? 0) - (this.#lastUsedAt.get(b) ?? 0),
    );
  }

  #isAvoided(address: string): boolean {
    const until = this.#avoidedUntil.get(address);
    if (until === undefined) return false;
    if (until > this.#clock.monotonic()) return true;
    this.#avoidedUntil.delete(address);
    return false;
  }

  async #resolve(hostname: string): Promise<string[]> {
    if (isIP(hostname)) return [hostname];
    const now = this.#clock.monotonic();
    const known = this.#resolved.get(hostname);
    if (known && known.at + this.#config.lookupCacheMs > now) return known.hosts;
    const hosts = this.#lookup(hostname);
    this.#resolved.set(hostname, { hosts, at: now });
    // A name that could not be resolved is asked for again the next time.
    hosts.catch(() => this.#resolved.delete(hostname));
    return hosts;
  }
}
