// What a function's answer, or the lack of one, means: one table. Pure.
import { problemContentType } from "../../functions/contract.ts";
import { maskUrl } from "../masked-url.ts";

/** A start begins a run, once; every later POST of that run joins it. */
export type PostKind = "start" | "join";

export interface Outcome {
  /** Stable: shown on the process and in its history. */
  code: string;
  expected: string;
  /** Answered to a start, it proves that the run never began. Never so for a join. */
  provesNeverBegan: boolean;
  /** The event itself is wrong: the process ends with this error instead of asking again. */
  isErrorReply: boolean;
  /** False: the other side said when to come back, so the waits do not grow. */
  isCounted: boolean;
  /** The answer came whole: where no leases are kept, the run is over with it. */
  isWhole: boolean;
  /** What follows where the run may still live: join it soon, or after the process server's growing waits. */
  rejoin: "soon" | "growing";
}

const faulty = {
  expected: "a stream of events or a JSON reply",
  provesNeverBegan: false,
  isErrorReply: false,
  isCounted: true,
  isWhole: true,
  rejoin: "growing",
} as const satisfies Partial<Outcome>;

const broken = { ...faulty, isWhole: false, rejoin: "soon" } as const;

export const outcomes = {
  // Nobody was reached.
  refused: { ...broken, code: "function.unreachable", expected: "a connection", provesNeverBegan: true },
  // Reached, and then the connection said too little.
  slow: { ...broken, code: "function.slow", expected: "an answer in time" },
  silent: { ...broken, code: "function.silent", expected: "a beat every few seconds" },
  lost: { ...broken, code: "function.lost", expected: "a reply before the connection ends" },
  gateway: { ...broken, code: "function.unreachable", expected: "an answer of the function itself" },
  // Said no, and so never began.
  rejected: { ...faulty, code: "function.rejected", provesNeverBegan: true, isErrorReply: true },
  invalid: { ...faulty, code: "function.rejected", expected: "problem+json with a 400 or 422", provesNeverBegan: true },
  cancelled: { ...faulty, code: "function.cancelled", provesNeverBegan: true },
  busy: { ...faulty, code: "function.busy", provesNeverBegan: true, isCounted: false, rejoin: "soon" },
  running: { ...faulty, code: "function.running", expected: "no older run of this event", rejoin: "soon" },
  // A join that nobody knows: no proof that the run is over.
  unknownRun: { ...broken, code: "function.runUnknown", expected: "the run that was started there" },
  // A faulty configuration, as a rule.
  unauthorized: {
    ...faulty,
    code: "function.unauthorized",
    expected: "that FUNCTIONS_SECRET is the same on both sides",
  },
  notFound: { ...faulty, code: "function.notFound", expected: "a function that takes POST at this URL" },
  redirect: { ...faulty, code: "function.redirect", expected: "an answer, not a redirect" },
  unexpected: { ...faulty, code: "function.unexpectedStatus" },
  failed: { ...faulty, code: "function.failed" },
  // Nonsense.
  wrongType: { ...faulty, code: "function.nonsense" },
  empty: { ...faulty, code: "function.nonsense" },
  garbage: { ...faulty, code: "function.nonsense" },
  twoReplies: { ...faulty, code: "function.nonsense", expected: "exactly one reply" },
  otherEvent: { ...faulty, code: "function.nonsense", expected: "a reply to this event and run" },
  notFinal: { ...faulty, code: "function.nonsense", expected: 'a reply that is "no" or "error"' },
  refusedReply: { ...faulty, code: "function.nonsense", expected: "a reply that can be recorded" },
  tooLarge: { ...faulty, code: "function.tooLarge", expected: "a message within the limit", isWhole: false },
  // It stopped by itself: its lease, its deadline, a shutdown.
  ended: { ...faulty, code: "function.ended", expected: "a reply" },
  // Its lease is over, and nobody knows more.
  leaseOver: { ...faulty, code: "function.leaseOver", expected: "a reply before the end of the lease" },
} as const satisfies Record<string, Outcome>;

export type Situation = keyof typeof outcomes;

/** A join's answer proves nothing about the run's beginning, so it cannot make an error of the process either. */
export function outcomeOf(kind: PostKind, situation: Situation): Outcome {
  const outcome = outcomes[situation];
  return kind === "start" ? outcome : { ...outcome, provesNeverBegan: false, isErrorReply: false };
}

/** What an HTTP status other than 2xx means. `problemCode`: of its problem+json, if it has one. */
export function situationOf(
  kind: PostKind,
  answer: { status: number; contentType: string; problemCode: string | null },
): Situation {
  const { status, problemCode } = answer;
  if (status === 400 || status === 422) {
    return problemCode !== null && answer.contentType.startsWith(problemContentType) ? "rejected" : "invalid";
  }
  if (status === 404 && problemCode === "invocation.unknown" && kind === "join") return "unknownRun";
  if (status === 409 && problemCode === "invocation.running") return "running";
  if (status === 410) return "cancelled";
  if (status === 429 || status === 503) return "busy";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404 || status === 405) return "notFound";
  if (status === 502 || status === 504) return "gateway";
  if (status >= 300 && status < 400) return "redirect";
  return status >= 500 ? "failed" : "unexpected";
}

/** One sentence for a person: where, what was expected, what came instead. */
export function describeOutcome(url: string, situation: Situation, got: string): string {
  return `${maskUrl(url)}: expected ${outcomes[situation].expected}, got ${got}`;
}

/** `Retry-After` as a wait: seconds or a date, within bounds; null: there was none that can be read. */
export function readRetryAfter(value: string | undefined, now: number, maxMs: number): number | null {
  if (value === undefined) return null;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(waitMs) ? null : Math.min(maxMs, Math.max(retryAfterMsMin, waitMs));
}
/** However eager the other side is. */
const retryAfterMsMin = 100;
