// Listens, or says in one line why that cannot be.
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { RelayError } from "./errors.ts";

export interface Place {
  host: string;
  port: number;
  /** The variable that says so. */
  variable: string;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken: something else listens there",
  EACCES: "may not be used by this user",
  EADDRNOTAVAIL: "is on no address of this machine",
  ENOTFOUND: "is on no address that can be found",
};

/**
 * Resolves with the port on which it listens.
 * @throws RelayError `config.invalid`, naming the variable
 */
export async function listen(app: FastifyInstance, place: Place): Promise<number> {
  const { host, port } = place;
  try {
    await app.listen({ host, port, listenTextResolver: () => "listening" });
    return (app.server.address() as AddressInfo).port;
  } catch (error) {
    throw refusedPort(error, place) ?? error;
  }
}

/** Null: the error is of another kind. */
export function refusedPort(cause: unknown, { host, port, variable }: Place): RelayError | null {
  const reason = reasons[(cause as NodeJS.ErrnoException).code ?? ""];
  if (!reason) return null;
  return new RelayError("config.invalid", {
    message: `port ${port} of ${host} ${reason}; set ${variable} to another one`,
    field: variable,
    expected: "a port that is free",
    got: `${host}:${port}`,
    cause,
  });
}
