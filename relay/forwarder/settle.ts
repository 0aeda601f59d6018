// What follows from the end of a conversation: the reply is recorded, or the run ended, or the event left to be fired
// again. Decides by the table in outcomes.ts.
import type { Reply } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { EventRef, RunEnd } from "../event-bus/answers.ts";
import { maskSecrets, secretValues } from "../process-server/secrets.ts";
import type { Run } from "../store/types.ts";
import type { Conclusion, Invocation, InvocationParts } from "./conversation.ts";
import { didNothing } from "./leases.ts";
import { describeOutcome, outcomeOf, type Situation } from "./outcomes.ts";
import { errorReply } from "./replies.ts";

/** The job is over for now, or is looked at again after a wait inside its lane. */
export type Step = { isOver: true } | { isOver: false; againInMs: number };
export const over: Step = { isOver: true };

export interface SettleParts extends InvocationParts {
  /** The attempt brought no reply: fired again by the process server. */
  unanswered(ref: EventRef, why: Unanswered): Promise<void>;
  /** Must not delay the next event of the resource, but is ended with everything else. */
  inBackground(work: (signal: AbortSignal) => Promise<unknown>): void;
}
export interface Unanswered {
  code: string;
  message: string;
  retryAfterMs?: number;
  isCounted: boolean;
}

type Failed = Extract<Conclusion, { kind: "failed" }>;

export async function settle(invocation: Invocation, conclusion: Conclusion, parts: SettleParts): Promise<Step> {
  if (conclusion.kind === "stopped") return over;
  if (conclusion.kind === "failed") return settleFailure(invocation, conclusion, parts);
  if (conclusion.kind === "reply") {
    const refusal = await settleReply(invocation.ref, invocation.run, conclusion.reply, parts);
    return refusal === null ? over : settleFailure(invocation, refusal, parts);
  }
  const { ref, run, memory } = invocation;
  const { clean, reason } = conclusion.ended;
  if (!clean && run.leaseMs !== null) {
    // Something of it may still live: the lease is what ends that for certain.
    memory.isUnknown = true;
    return { isOver: false, againInMs: 0 };
  }
  await endRun(ref, run, { isClean: clean, hasBegun: !didNothing(memory), reason }, parts);
  const message = describeOutcome(run.url, "ended", `the end of run ${run.run}: ${reason}`);
  await parts.unanswered(ref, { code: outcomeOf("join", "ended").code, message, isCounted: true });
  return over;
}

/** Null: recorded, or no longer wanted. Else why it cannot be recorded. */
export async function settleReply(ref: EventRef, run: Run, reply: Reply, parts: SettleParts): Promise<Failed | null> {
  try {
    await parts.answers.reply(reply);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    if (isNotWanted(error)) {
      parts.log.debug({ eventId: ref.eventId, run: run.run, code: error.code }, "reply not wanted");
      if (error.code === "event.over") parts.leases.forget(ref.eventId);
      return null;
    }
    if (error.status >= 500) throw error;
    return { kind: "failed", situation: "refusedReply", got: error.message };
  }
  const { newestBeat, savedCheckpoint } = parts.leases.of(run);
  parts.leases.forget(ref.eventId);
  // It is on disk: the function need not keep it any longer.
  const renewal = { run: run.run, beat: Math.max(1, newestBeat), checkpoint: savedCheckpoint, reply: true };
  if (run.leaseMs !== null) parts.inBackground((signal) => parts.requests.renew(run, renewal, signal));
  return null;
}

async function settleFailure(invocation: Invocation, failed: Failed, parts: SettleParts): Promise<Step> {
  const { kind, event, ref, run, memory } = invocation;
  const { situation, got, problem, retryAfterMs } = failed;
  const outcome = outcomeOf(kind, situation);
  // A handler of somebody else's may repeat what it was sent, and this goes to the log.
  const message = maskSecrets(describeOutcome(run.url, situation, got), secretValues(event.data.machine));
  parts.log.info({ eventId: ref.eventId, run: run.run, kind, code: outcome.code, message }, "no reply");

  if (situation === "running" && kind === "start") return waitForOlderRun(invocation, message, parts);
  if (situation === "unknownRun" && run.leaseMs !== null) {
    // Asked nothing more: the run's lease decides.
    memory.isUnknown = true;
    return { isOver: false, againInMs: 0 };
  }
  if (outcome.isErrorReply && problem) {
    const refusal = await settleReply(ref, run, errorReply(event, run.run, problem), parts);
    if (refusal === null) return over;
  }
  const isOver = outcome.provesNeverBegan || (run.leaseMs === null && outcome.isWhole);
  if (isOver) {
    const reason = outcome.provesNeverBegan ? `never began: ${message}` : message;
    const { provesNeverBegan } = outcome;
    await endRun(ref, run, { isClean: provesNeverBegan, hasBegun: !provesNeverBegan, reason }, parts);
  }
  const isToldWhen = situation === "busy";
  await parts.unanswered(ref, {
    code: outcome.code,
    message,
    isCounted: outcome.isCounted,
    ...(isOver
      ? isToldWhen && retryAfterMs !== undefined
        ? { retryAfterMs }
        : {}
      : rejoinAfter(invocation, situation, parts)),
  });
  return over;
}

/** The run may live: its stream is wanted back before its lease is over. */
function rejoinAfter({ run, memory, kind }: Invocation, situation: Situation, { config }: SettleParts) {
  // Nothing can be joined there; the job that comes next waits for the deadline.
  if (run.leaseMs === null) return { retryAfterMs: 0 };
  if (outcomeOf(kind, situation).rejoin === "growing") return {};
  const waitMs = memory.failures === 0 ? 0 : config.rejoinWaitMs * 2 ** Math.min(memory.failures - 1, 10);
  memory.failures += 1;
  return { retryAfterMs: Math.min(config.rejoinWaitMsMax, waitMs) };
}

/** A definite "not now" to the start: nothing was begun, so the same start may be sent again, for one lease at most. */
async function waitForOlderRun({ ref, run, memory }: Invocation, message: string, parts: SettleParts): Promise<Step> {
  const { clock, config } = parts;
  memory.isRefused = true;
  memory.refusedSince ??= clock.monotonic();
  if (clock.monotonic() - memory.refusedSince < (run.leaseMs ?? 0)) {
    return { isOver: false, againInMs: config.runningRetryMs };
  }
  await endRun(ref, run, neverBegan(message), parts);
  await parts.unanswered(ref, { code: outcomeOf("start", "running").code, message, isCounted: true });
  return over;
}

export async function endRun(
  ref: EventRef,
  run: Run,
  end: RunEnd,
  { answers, leases }: Pick<SettleParts, "answers" | "leases">,
): Promise<void> {
  try {
    await answers.endRun(ref, run.run, end);
  } catch (error) {
    // What is no archive cannot be kept; that the run is over must be known all the same.
    const { archive, ...rest } = end;
    if (archive === undefined || errorCode(error) !== "archive.invalid") throw error;
    await answers.endRun(ref, run.run, { ...rest, reason: `${end.reason}; its last checkpoint was no archive` });
  }
  leases.forget(ref.eventId);
}

/** Answered, cancelled or begun anew in the meantime: normal, and nothing to be told about. */
export function isNotWanted(error: unknown): boolean {
  return (
    error instanceof RelayError &&
    (error.code === "event.over" || error.code === "event.otherRun" || error.code === "event.unknown")
  );
}

export function errorCode(error: unknown): string {
  return error instanceof RelayError ? error.code : "internal";
}

export function neverBegan(why: string): RunEnd {
  return { isClean: true, hasBegun: false, reason: `never began: ${why}` };
}
