// What kind of handler is at an address: reachable, ready, a keeper of leases? Asked before it is given its first run.
import type { Clock, ForwarderConfig } from "./config.ts";
import {
  ConnectFailure,
  type Connections,
  describeError,
  type FunctionResponse,
  parseJson,
  readText,
  smallAnswerBytesMax,
} from "./connections.ts";
import type { Situation } from "./outcomes.ts";

export type Probe =
  | { isUsable: true; keepsLeases: boolean }
  /** `got`: what came instead. */
  | { isUsable: false; keepsLeases: boolean | null; situation: Situation; got: string };

export interface Answer {
  status: number;
  contentType: string;
  text: string | null;
}

export class Probes {
  readonly #known = new Map<string, { keepsLeases: boolean; at: number }>();
  readonly #connections: Connections;
  readonly #config: ForwarderConfig;
  readonly #clock: Clock;

  constructor(connections: Connections, config: ForwarderConfig, clock: Clock) {
    this.#connections = connections;
    this.#config = config;
    this.#clock = clock;
  }

  /** What is known of it, or what it says now. */
  async of(url: URL, address: string, signal?: AbortSignal): Promise<Probe> {
    const key = keyOf(url.href, address);
    const known = this.#known.get(key);
    if (known && known.at + this.#config.probeCacheMs > this.#clock.monotonic()) {
      return { isUsable: true, keepsLeases: known.keepsLeases };
    }
    const probe = await this.ask(url, address, signal);
    if (probe.isUsable) this.#known.set(key, { keepsLeases: probe.keepsLeases, at: this.#clock.monotonic() });
    else this.#known.delete(key);
    return probe;
  }

  /** It did not do what it was believed to: ask again before the next start. */
  forget(url: string, address: string): void {
    this.#known.delete(keyOf(new URL(url).href, address));
  }

  async ask(url: URL, address: string, signal?: AbortSignal): Promise<Probe> {
    try {
      const [leases, readiness] = await Promise.all([
        this.get(url, address, "invocations/none", signal),
        this.get(url, address, "readyz", signal),
      ]);
      return judge(leases, readiness);
    } catch (error) {
      const situation = error instanceof ConnectFailure ? "refused" : "slow";
      return { isUsable: false, keepsLeases: null, situation, got: describeError(error) };
    }
  }

  /** A small answer, read whole. `path` is relative to the handler's URL. */
  async get(url: URL, address: string, path: string, signal?: AbortSignal): Promise<Answer> {
    const target = new URL(path, url);
    const response: FunctionResponse = await this.#connections.request({
      url,
      address,
      method: "GET",
      path: `${target.pathname}${target.search}`,
      headersTimeoutMs: this.#config.firstByteTimeoutMs,
      bodyTimeoutMs: this.#config.firstByteTimeoutMs,
      ...(signal ? { signal } : {}),
    });
    return {
      status: response.status,
      contentType: response.contentType,
      text: await readText(response.body, smallAnswerBytesMax),
    };
  }
}

function keyOf(href: string, address: string): string {
  return `${href} ${address}`;
}

/** Whatever is not said by it is no promise: a handler that knows neither path keeps no leases, and is ready. */
function judge(leases: Answer, readiness: Answer): Probe {
  const unusable = { isUsable: false, keepsLeases: null, got: describeAnswer(leases) } as const;
  if (leases.status === 401 || leases.status === 403) return { ...unusable, situation: "unauthorized" };
  // It answers, but not to this name: a faulty configuration, and no sign of what it promises.
  if (leases.status === 421) return { ...unusable, situation: "unexpected" };
  // 501 is what simple servers answer to a method they do not have: no failure, and no promise.
  if ((leases.status >= 500 && leases.status !== 501) || leases.status === 429) {
    return { ...unusable, situation: leases.status === 503 || leases.status === 429 ? "busy" : "failed" };
  }
  const keepsLeases = leases.status === 404 && codeOf(parseJson(leases.text)) === "invocation.unknown";
  if (readiness.status === 503) {
    return { isUsable: false, keepsLeases, situation: "busy", got: "status 503 from /readyz: not ready yet" };
  }
  return { isUsable: true, keepsLeases };
}

function describeAnswer({ status, text }: Answer): string {
  const problem = parseJson(text);
  const detail = typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : null;
  return typeof detail === "string" ? `status ${status}: ${detail.slice(0, detailCharactersMax)}` : `status ${status}`;
}
const detailCharactersMax = 500;

/** The `code` of a problem. */
export function codeOf(value: unknown): string | null {
  const code = typeof value === "object" && value !== null && "code" in value ? value.code : null;
  return typeof code === "string" ? code : null;
}
