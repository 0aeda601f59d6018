// The relay's log: JSON lines on stdout for machines, short lines for a person at a terminal. Chosen fields only, never
// a whole event, reply, body or configuration: those hold secrets.
import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Logger;

export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination({ sync: true }),
  );
}

const tokenPath = /^(\/v1\/scripts\/)[^/?]+/;

/** A path as the access log may show it: no token, and no query (it may hold one). */
export function maskPath(url: string): string {
  return (url.split("?", 1)[0] ?? "").replace(tokenPath, "$1***");
}
