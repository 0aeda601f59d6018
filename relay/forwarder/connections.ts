// Speaks HTTP to one chosen address of a function, over one keep-alive pool for each, with limits of its own.
import { buildConnector, Pool } from "undici";
import type { ForwarderConfig } from "./config.ts";

/** The connection was never there: not a byte of the request has been sent. */
export class ConnectFailure extends Error {
  override readonly name = "ConnectFailure";
}

export interface FunctionRequest {
  /** The handler's URL: its protocol, its name in `Host` and in the TLS handshake. */
  url: URL;
  /** The one address that is spoken to, `host:port`. */
  address: string;
  method: "GET" | "POST" | "DELETE";
  /** With its query. */
  path: string;
  accept?: string;
  body?: string;
  /** From the request until the headers of its answer. */
  headersTimeoutMs: number;
  /** Between two pieces of the answer. */
  bodyTimeoutMs: number;
  signal?: AbortSignal;
}

export interface FunctionResponse {
  status: number;
  contentType: string;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
}

/** More pools than this, and the idle ones are closed: addresses of containers come and go. */
const poolsMax = 100;
/** An answer that is read whole, and is no reply: a problem, a health report. */
export const smallAnswerBytesMax = 64 * 1024;

export class Connections {
  readonly #pools = new Map<string, Pool>();
  readonly #config: ForwarderConfig;
  readonly #certificateAuthority: string | undefined;

  /** `certificateAuthority`: PEM, instead of Node's own. */
  constructor(config: ForwarderConfig, certificateAuthority?: string) {
    this.#config = config;
    this.#certificateAuthority = certificateAuthority;
  }

  /** @throws ConnectFailure when there was no connection; undici's errors when it said too little, or the signal's reason */
  async request(request: FunctionRequest): Promise<FunctionResponse> {
    const { url, address, method, path, body, signal } = request;
    const { functionsSecret } = this.#config;
    const response = await this.#pool(url, address).request({
      method,
      path,
      headers: {
        host: url.host,
        accept: request.accept ?? "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(functionsSecret === null ? {} : { authorization: `Bearer ${functionsSecret}` }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
      headersTimeout: Math.max(1, Math.ceil(request.headersTimeoutMs)),
      bodyTimeout: Math.max(1, Math.ceil(request.bodyTimeoutMs)),
    });
    const contentType = response.headers["content-type"];
    // A body that is dropped half-way says so by an error, which nobody waits for any more.
    response.body.on("error", () => {});
    return {
      status: response.statusCode,
      contentType: (typeof contentType === "string" ? contentType : "").toLowerCase(),
      headers: response.headers,
      body: response.body,
    };
  }

  /** Ends every connection at once. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }

  #pool(url: URL, address: string): Pool {
    const key = `${url.protocol}//${address} ${url.hostname}`;
    const known = this.#pools.get(key);
    if (known) return known;
    if (this.#pools.size >= poolsMax) this.#closeIdle();
    const pool = new Pool(`${url.protocol}//${address}`, { connect: this.#connector() });
    this.#pools.set(key, pool);
    return pool;
  }

  #connector(): buildConnector.connector {
    const connect = buildConnector({
      timeout: this.#config.connectTimeoutMs,
      // HTTP/2 would put all streams of an address on one connection, which ends all of them when it breaks.
      allowH2: false,
      ...(this.#certificateAuthority === undefined ? {} : { ca: this.#certificateAuthority }),
    });
    return (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error) callback(new ConnectFailure(error.message, { cause: error }), null);
        else callback(null, socket as NonNullable<typeof socket>);
      });
  }

  #closeIdle(): void {
    for (const [key, pool] of this.#pools) {
      if (pool.stats.size > 0) continue;
      this.#pools.delete(key);
      // Nothing is under way in it, so nobody hears how this ends.
      pool.destroy().catch(() => {});
    }
  }
}

/** The whole body as text, or null when it is longer than the limit. */
export async function readText(body: FunctionResponse["body"], bytesMax: number): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > bytesMax) {
      body.destroy();
      return null;
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The JSON value, or undefined when it is none. */
export function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What went wrong, in the words of the innermost cause. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return describeError(error.errors[0]);
  if (error.cause instanceof Error) return describeError(error.cause);
  return error.message || error.name;
}
