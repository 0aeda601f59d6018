// Who is calling? Three kinds of key: operator (everything), handler (its own events and replies), agent (its own host).
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { RelayError } from "../errors.ts";
import type { ApiParts } from "./parts.ts";

export type Caller = { kind: "operator" } | { kind: "handler"; name: string } | { kind: "agent"; machineId: string };

export type KeyParts = Pick<ApiParts, "config" | "store" | "authenticateAgent">;

/** Kept of a handler's key, in place of the key. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/**
 * The token of `Authorization: Bearer …`; null when the header is absent.
 * @throws RelayError `key.wrong` for any other scheme
 */
export function bearerOf({ headers }: FastifyRequest): string | null {
  const { authorization } = headers;
  if (authorization === undefined) return null;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token) return token;
  throw wrongKey("another scheme");
}

/** An onRequest hook: lets operators pass, and nobody else. */
export function requireOperator(parts: KeyParts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const caller = await identify(bearerOf(request), parts);
      if (caller.kind !== "operator") throw notAllowed(caller.kind, "an operator's key");
    } catch (error) {
      challenge(reply, error);
      throw error;
    }
  };
}

/** A 401 says how to do better (RFC 9110). */
export function challenge(reply: FastifyReply, error: unknown): void {
  if (error instanceof RelayError && error.status === 401)
    reply.header("www-authenticate", 'Bearer realm="machine-relay"');
}

/**
 * Without configured keys everybody who reaches the loopback is an operator, unless a token says something else.
 * @throws RelayError `key.missing`, `key.wrong`
 */
export async function identify(token: string | null, parts: KeyParts): Promise<Caller> {
  const { config, store, authenticateAgent } = parts;
  if (token === null) {
    if (config.apiKeys.length === 0) return { kind: "operator" };
    throw new RelayError("key.missing", {
      message: "this relay wants a key: send Authorization: Bearer <key>",
      field: "authorization",
      expected: "Bearer and one of API_KEYS",
      got: "nothing",
    });
  }
  const hash = hashKey(token);
  // No early way out: the time it takes tells nothing about which key was nearly right.
  if (config.apiKeys.filter((key) => isSameHash(hashKey(key), hash)).length > 0) return { kind: "operator" };
  const handler = (await store.listHandlers()).find(({ keyHash }) => keyHash !== null && isSameHash(keyHash, hash));
  if (handler) return { kind: "handler", name: handler.name };
  const agent = await authenticateAgent(token);
  if (agent) return { kind: "agent", machineId: agent.machineId };
  throw wrongKey("a key that opens nothing here");
}

export function notAllowed(kind: Caller["kind"], expected: string): RelayError {
  return new RelayError("key.notAllowed", {
    message: `the key of ${kind === "agent" ? "an agent" : `a ${kind}`} does not open this`,
    field: "authorization",
    expected,
    got: `the key of ${kind === "agent" ? "an agent" : `a ${kind}`}`,
  });
}

function wrongKey(got: string): RelayError {
  return new RelayError("key.wrong", {
    message: "this key opens nothing here",
    field: "authorization",
    expected: "Bearer and a valid key",
    got,
  });
}

function isSameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
