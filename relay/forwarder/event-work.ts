// What is to be done for one event now: begin a run, join the one that may live, or wait until that one is over.
// Looks at what is on disk each time, so it can be asked again after any wait.
import type { EventRef } from "../event-bus/answers.ts";
import type { ProcessEvent } from "../event-bus/events.ts";
import { maskUrl } from "../masked-url.ts";
import type { Handler, Run } from "../store/types.ts";
import type { Addresses } from "./addresses.ts";
import { converse, deadlineMarginMs } from "./invocation.ts";
import type { RunMemory } from "./leases.ts";
import { concludeLostRun } from "./lost-runs.ts";
import type { PostKind } from "./outcomes.ts";
import { describeOutcome, outcomes } from "./outcomes.ts";
import type { Place, Places } from "./places.ts";
import type { Probes } from "./probes.ts";
import { endRun, neverBegan, over, type SettleParts, type Step, settle } from "./settle.ts";
import type { Statistics } from "./statistics.ts";

type FoundPlace = Extract<Place, { isFound: true }>;

export interface WorkParts extends SettleParts {
  handlers: () => Promise<Handler[]>;
  places: Places;
  probes: Probes;
  addresses: Addresses;
  statistics: Statistics;
  /** The event is cancelled: somebody has to see to it that its run ends. */
  cancel: (ref: EventRef) => void;
  /** With which run a conversation is open; null: with none any more. */
  conversing: (job: Job, run: Run | null) => void;
}

export interface Job {
  readonly ref: EventRef;
  readonly handler: string;
  /** The newest firing: it holds the newest archive. */
  event: ProcessEvent;
  isCancelled: boolean;
  /** Ends its conversation, its questions and its waits. */
  readonly signal: AbortSignal;
}

export async function workOn(job: Job, parts: WorkParts): Promise<Step> {
  const seen = await parts.answers.look(job.ref);
  if (job.signal.aborted) return over;
  if (seen.isCancelling || job.isCancelled) {
    parts.cancel(job.ref);
    return over;
  }
  if (!seen.isCurrent) {
    parts.leases.forget(job.ref.eventId);
    return over;
  }
  const last = seen.runs.at(-1);
  if (last === undefined || last.endedAt !== null) return begin(job, last ?? null, parts);
  return carryOn(job, last, parts);
}

async function begin(job: Job, last: Run | null, parts: WorkParts): Promise<Step> {
  const { ref, event, signal } = job;
  const { config } = parts;
  // This firing was on its way when the last run ended: its archive may be older than that run's last checkpoint.
  if (last?.endedAt && event.time < last.endedAt) {
    const message = `run ${last.run} ended after this was fired; fired again with the newest archive`;
    // At once, unless the clock was set back: then no firing is newer before it has caught up.
    const retryAfterMs = Math.min(config.retryAfterMsMax, Math.max(0, last.endedAt - parts.clock.now()));
    await parts.unanswered(ref, { code: "event.stale", message, retryAfterMs, isCounted: false });
    return over;
  }
  const url = (await parts.handlers()).find(({ name }) => name === job.handler)?.url ?? null;
  if (url === null) {
    const message = `the handler "${job.handler}" has no URL now`;
    await parts.unanswered(ref, { code: "handler.noUrl", message, isCounted: true });
    return over;
  }
  const place = await parts.places.find(url, signal);
  if (!place.isFound) {
    if (signal.aborted || job.isCancelled) return over;
    const { code, isCounted } = outcomes[place.situation];
    const message = describeOutcome(url, place.situation, place.got);
    const retryAfterMs = place.situation === "busy" ? { retryAfterMs: config.retryAfterMsDefault } : {};
    await parts.unanswered(ref, { code, message, isCounted, ...retryAfterMs });
    return over;
  }
  try {
    return await beginAt(place, job, parts);
  } finally {
    place.release();
  }
}

async function beginAt({ url, address, isLeased }: FoundPlace, job: Job, parts: WorkParts): Promise<Step> {
  const { ref, signal } = job;
  const { answers, config, clock } = parts;
  if (signal.aborted || job.isCancelled) return over;
  const deadlineAt = isLeased ? null : clock.now() + config.deadlineMs + deadlineMarginMs(config);
  const run = await answers.beginRun(ref, { url, address, leaseMs: isLeased ? config.leaseMs : null, deadlineAt });
  if (signal.aborted || job.isCancelled) {
    await endRun(ref, run, neverBegan("it was cancelled before it was sent"), parts);
    return over;
  }
  return invoke("start", job, run, parts.leases.begin(run), parts);
}

/** Its last run is not known to be over. */
async function carryOn(job: Job, run: Run, parts: WorkParts): Promise<Step> {
  const { leases, clock, answers } = parts;
  const memory = leases.of(run);
  if (memory.isRefused) return invokeAgain("start", job, run, memory, parts);
  const remainingMs =
    run.leaseMs !== null ? leases.remainingMs(memory) : Math.max(0, (run.deadlineAt ?? 0) - clock.now());
  if (remainingMs === 0) return concludeLostRun(job.ref, run, memory, job.signal, parts);
  // A handler without leases cannot be joined: a second POST might be a second start.
  if (run.leaseMs !== null && !memory.isUnknown) return invokeAgain("join", job, run, memory, parts);
  const seconds = Math.ceil(remainingMs / 1000);
  const message = `Waiting ${seconds} s until the earlier run at ${maskUrl(run.url)} is certain to be over`;
  answers.recordProgress(job.ref, run.run, { message, progress: null, stage: null });
  return { isOver: false, againInMs: remainingMs };
}

/** At the address where it was started. */
async function invokeAgain(kind: PostKind, job: Job, run: Run, memory: RunMemory, parts: WorkParts): Promise<Step> {
  const release = parts.addresses.take(run.address);
  try {
    return await invoke(kind, job, run, memory, parts);
  } finally {
    release();
  }
}

async function invoke(kind: PostKind, job: Job, run: Run, memory: RunMemory, parts: WorkParts): Promise<Step> {
  const { ref, event, signal } = job;
  const finish = parts.statistics.begin(job.handler, run.url);
  const beganAt = parts.clock.monotonic();
  const invocation = { kind, event, ref, run, memory, mayRenew: () => !job.isCancelled, signal };
  parts.conversing(job, run);
  const conclusion = await converse(invocation, parts);
  parts.conversing(job, null);
  finish(conclusion.kind === "reply");
  if (conclusion.kind === "failed") {
    parts.probes.forget(run.url, run.address);
    if (conclusion.situation === "refused") parts.addresses.avoid(run.address);
    // It held for a while, so this is not the next in a row of failures.
    if (parts.clock.monotonic() - beganAt > parts.config.rejoinWaitMsMax) memory.failures = 0;
  }
  return settle(invocation, conclusion, parts);
}
