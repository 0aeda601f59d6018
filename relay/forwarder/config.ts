// The times and limits that the forwarder counts with. All configurable, all defaults here.
import { beatEveryMs, deadlineMsDefault, leaseMsDefault, messageBytesMax } from "../../functions/contract.ts";

const second = 1000;
const minute = 60 * second;

export interface ForwarderConfig {
  /** `Authorization: Bearer` for every function; null: none. */
  functionsSecret: string | null;
  /** How long a run may live without a renewal. */
  leaseMs: number;
  /** How long a run of a handler without leases may take; its connection is all that is known of it. */
  deadlineMs: number;
  /** How many invocations may be under way at once, over all resources. */
  concurrencyMax: number;
  connectTimeoutMs: number;
  /** From the request to the headers of its answer, where a stream of events is expected. */
  firstByteTimeoutMs: number;
  /** A stream without a byte for this long is given up and joined again. */
  silenceMs: number;
  renewEveryMs: number;
  /** Jobs that wait or run show the process server a sign of life this often. */
  keepAliveEveryMs: number;
  /** The first wait before a run is joined again; it doubles up to `rejoinWaitMsMax`, well inside a lease. */
  rejoinWaitMs: number;
  rejoinWaitMsMax: number;
  /** How long until a start is tried again that an older run stood in the way of. */
  runningRetryMs: number;
  /** How long until a cancel is sent again that nobody answered. */
  cancelRetryMs: number;
  /** After its reply a function ends the stream; it is not waited for longer than this. */
  afterReplyMs: number;
  /** `Retry-After`: what is assumed without it, and what is believed of it at most. */
  retryAfterMsDefault: number;
  retryAfterMsMax: number;
  /** How long an answer to "do you keep leases, are you ready?" is believed. */
  probeCacheMs: number;
  /** How long an address that refused is tried last. */
  avoidAddressMs: number;
  /** How long a resolved host name is believed. */
  lookupCacheMs: number;
  driversCacheMs: number;
  /** The largest event or answer. */
  messageBytesMax: number;
}

export const forwarderDefaults: ForwarderConfig = {
  functionsSecret: null,
  leaseMs: leaseMsDefault,
  deadlineMs: deadlineMsDefault,
  concurrencyMax: 50,
  connectTimeoutMs: 10 * second,
  firstByteTimeoutMs: 15 * second,
  silenceMs: 15 * second,
  renewEveryMs: beatEveryMs,
  keepAliveEveryMs: 5 * second,
  rejoinWaitMs: 1 * second,
  rejoinWaitMsMax: 5 * second,
  runningRetryMs: 1 * second,
  cancelRetryMs: 2 * second,
  afterReplyMs: 1 * second,
  retryAfterMsDefault: 5 * second,
  retryAfterMsMax: 2 * minute,
  probeCacheMs: 5 * minute,
  avoidAddressMs: 30 * second,
  lookupCacheMs: 1 * second,
  driversCacheMs: 10 * second,
  messageBytesMax,
};

/** Two clocks: what is written down, and what intervals are measured with (a set clock must not end a lease). */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only ever grow. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export interface ForwarderLog {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}
