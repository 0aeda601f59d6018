// Fetches a file whose sum is known: whole and right under its name, or not at all.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from "undici";
import { Refusal, type Release } from "./releases.ts";

const second = 1000;
const megabyte = 1024 * 1024;
export const silentMsMax = 30 * second;
const bytesMax = 500 * megabyte;
const otherWays =
  "A proxy goes in HTTPS_PROXY, another address in MACHINE_URL and MACHINE_SHA256; or put docker-machine or rancher-machine on PATH.";
/** GitHub's releases lie behind one. */
const redirectionsMax = 5;

export interface DownloadOptions {
  /** @param totalBytes null: the server does not say */
  onProgress(bytes: number, totalBytes: number | null): void;
  /** How long nothing may come. */
  silentMs?: number;
}

/** Null: there is no such file. */
export async function sumOf(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * An older file at the path stays as it is until the new one is there.
 * @throws Refusal in words, for everything that can go wrong between here and there
 */
export async function download({ url, sha256 }: Release, path: string, options: DownloadOptions): Promise<void> {
  const { onProgress, silentMs = silentMsMax } = options;
  const proxies = new EnvHttpProxyAgent({ headersTimeout: silentMs, bodyTimeout: silentMs });
  const dispatcher = proxies.compose(interceptors.redirect({ maxRedirections: redirectionsMax }));
  // One of its own: two at once would write into each other's, and each sums what it has received.
  const partial = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const sum = await receive(await ask(url, dispatcher), partial, onProgress, url);
    if (sum !== sha256) throw new Refusal(`${url} is not what it should be: SHA-256 ${sum}, expected ${sha256}.`);
    await chmod(partial, 0o755);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
    await proxies.close();
  }
}

async function ask(url: string, dispatcher: Dispatcher): Promise<Dispatcher.ResponseData> {
  try {
    const response = await request(url, { dispatcher });
    if (response.statusCode === 200) return response;
    await response.body.dump();
    throw new Refusal(`${url} was answered with status ${response.statusCode}.`);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${url} could not be fetched: ${describe(error)}. ${otherWays}`);
  }
}

async function receive(
  { headers, body }: Dispatcher.ResponseData,
  path: string,
  onProgress: DownloadOptions["onProgress"],
  url: string,
): Promise<string> {
  const total = Number(headers["content-length"]) || null;
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new Refusal(`${url} is larger than ${bytesMax / megabyte} MB: that is no program.`);
      hash.update(chunk);
      await file.writeFile(chunk);
      onProgress(bytes, total);
    }
    await file.sync();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const of = total === null ? "" : ` of ${total}`;
    throw new Refusal(`${url} broke off after ${bytes}${of} bytes: ${describe(error)}`);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

const describe = (error: unknown): string => {
  const { message, code, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  return [message || code, cause instanceof Error ? cause.message : null].filter(Boolean).join(": ");
};
