// Who may ask: whoever has the secret; without one, programs of this machine, but no web page that a person happens to visit.
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { isLoopback } from "../config.ts";
import { FunctionProblem } from "../problem.ts";

/** A supervisor of containers asks these, and knows no secret. */
const openPaths = new Set(["/healthz", "/readyz"]);

/** @throws FunctionProblem 401 `key.missing` or `key.wrong`, 421 `host.foreign`, 403 `origin.foreign` */
export function createGate(secret: string | null): (request: FastifyRequest) => void {
  if (secret === null) return rejectForeign;
  const expected = hash(secret);
  return (request) => {
    if (openPaths.has(request.url.split("?", 1)[0]!)) return;
    const [, given] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    if (given === undefined) throw unauthorized("key.missing", "nothing");
    // Of equal length, and compared in constant time: how long it takes tells nothing.
    if (!timingSafeEqual(hash(given), expected)) throw unauthorized("key.wrong", "another key");
  };
}

/** A page could reach a loopback address under a name of its own (DNS rebinding), or send a request and not read the answer. */
function rejectForeign({ headers }: FastifyRequest): void {
  const host = hostnameOf(`http://${headers.host}`);
  if (!isLoopback(host)) {
    throw new FunctionProblem({
      status: 421,
      code: "host.foreign",
      detail: "Without FUNCTIONS_SECRET these functions answer on loopback addresses only.",
      field: "Host",
      expected: "localhost or a loopback address",
      got: host,
    });
  }
  if (headers.origin !== undefined && !isLoopback(hostnameOf(headers.origin))) {
    throw new FunctionProblem({
      status: 403,
      code: "origin.foreign",
      detail: "Web pages of other sites may not call these functions.",
      field: "Origin",
      expected: "none, or a loopback address",
      got: headers.origin,
    });
  }
}

function hostnameOf(address: string): string {
  return URL.parse(address)?.hostname ?? "";
}

function unauthorized(code: string, got: string): FunctionProblem {
  const expected = "Bearer and the FUNCTIONS_SECRET of these functions";
  return new FunctionProblem({
    status: 401,
    code,
    detail: `Authorization must be ${expected}, got ${got}`,
    field: "Authorization",
    expected,
    got,
  });
}

const hash = (text: string) => createHash("sha256").update(text).digest();
