// A run whose lease (or deadline) is over without a word: its address is asked once for what it kept, then it is ended.
import { type InvocationState, messageBytesMax } from "../../functions/contract.ts";
import type { EventRef, RunEnd } from "../event-bus/answers.ts";
import type { Run } from "../store/types.ts";
import { didNothing, type RunMemory } from "./leases.ts";
import { describeOutcome, outcomes } from "./outcomes.ts";
import { readReply } from "./replies.ts";
import { endRun, over, type SettleParts, type Step, settleReply } from "./settle.ts";

export async function concludeLostRun(
  ref: EventRef,
  run: Run,
  memory: RunMemory,
  signal: AbortSignal,
  parts: SettleParts,
): Promise<Step> {
  const state = await parts.requests.look(run, signal);
  if (signal.aborted) return over;
  if (state && (await takeKeptReply(ref, run, state, parts))) return over;
  const got = state?.ended ? `its end: ${state.ended.reason}` : "nothing until it was certain to be over";
  const message = describeOutcome(run.url, "leaseOver", `${got} (run ${run.run})`);
  await endRun(ref, run, endOf(run, memory, state, message), parts);
  // The wait was long enough: fired again at once, with the newest archive.
  await parts.unanswered(ref, { code: outcomes.leaseOver.code, message, retryAfterMs: 0, isCounted: true });
  return over;
}

/** True: the run had replied, and its reply is recorded or no longer wanted. */
export async function takeKeptReply(
  ref: EventRef,
  run: Run,
  { state, reply }: InvocationState,
  parts: SettleParts,
): Promise<boolean> {
  if (state !== "over" || reply === null) return false;
  const read = readReply(reply, { id: ref.eventId, resourceId: ref.machineId }, run.run);
  return "reply" in read && (await settleReply(ref, run, read.reply, parts)) === null;
}

/** What is known of the end of a run that gave no reply. */
export function endOf(run: Run, memory: RunMemory, state: InvocationState | null, reason: string): RunEnd {
  const isIdle = run.leaseMs !== null && didNothing(memory);
  const archive = newerArchive(memory, state);
  return {
    isClean: state?.state === "over" && state.ended ? state.ended.clean : isIdle,
    hasBegun: !isIdle,
    reason,
    ...(archive === undefined ? {} : { archive }),
  };
}

/** A checkpoint that came no other way. */
function newerArchive(memory: RunMemory, state: InvocationState | null): string | undefined {
  const checkpoint = state?.checkpoint;
  if (!checkpoint || checkpoint.number <= memory.savedCheckpoint) return undefined;
  return checkpoint.archive.length <= messageBytesMax ? checkpoint.archive : undefined;
}
