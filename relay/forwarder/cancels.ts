// Ends the run of a cancelled event, and says so once it is known. Overtakes every queue.
import type { EventRef } from "../event-bus/answers.ts";
import { busAddress } from "../process-server/close-run.ts";
import type { Run } from "../store/types.ts";
import { endOf, takeKeptReply } from "./lost-runs.ts";
import { pause } from "./pause.ts";
import { endRun, errorCode, isNotWanted, neverBegan, type SettleParts } from "./settle.ts";

/** What the cancels need to know of the event's job. */
export interface CancelledJob {
  /** Renews nothing and begins nothing from here on; forgotten if it still waits. */
  cancel(ref: EventRef): void;
  /** The run with which a conversation is open now. */
  openRun(eventId: string): Run | null;
  /** Ends its conversation. */
  abort(eventId: string): void;
}

interface Cancel {
  wake: AbortController;
}

export class Cancels {
  readonly #underWay = new Map<string, Cancel>();
  readonly #parts: SettleParts;
  readonly #jobs: CancelledJob;
  readonly #signal: AbortSignal;

  constructor(parts: SettleParts, jobs: CancelledJob, signal: AbortSignal) {
    this.#parts = parts;
    this.#jobs = jobs;
    this.#signal = signal;
  }

  get count(): number {
    return this.#underWay.size;
  }

  start(ref: EventRef): Promise<void> {
    this.#jobs.cancel(ref);
    if (this.#underWay.has(ref.eventId)) {
      this.#underWay.get(ref.eventId)?.wake.abort();
      return Promise.resolve();
    }
    const cancel = { wake: new AbortController() };
    this.#underWay.set(ref.eventId, cancel);
    return this.#run(ref, cancel).finally(() => this.#underWay.delete(ref.eventId));
  }

  async #run(ref: EventRef, cancel: Cancel): Promise<void> {
    while (!this.#signal.aborted) {
      let againInMs: number | null;
      try {
        againInMs = await this.#step(ref);
      } catch (error) {
        if (isNotWanted(error)) return;
        this.#parts.log.error({ eventId: ref.eventId, code: errorCode(error), err: error }, "cancel failed");
        againInMs = this.#parts.config.cancelRetryMs;
      }
      if (againInMs === null) return this.#jobs.abort(ref.eventId);
      await pause(againInMs, [cancel.wake.signal, this.#signal]);
      if (cancel.wake.signal.aborted) cancel.wake = new AbortController();
    }
  }

  /** Null: nothing is left to be done. Else when to look again. */
  async #step(ref: EventRef): Promise<number | null> {
    const { answers, leases, requests, config, clock } = this.#parts;
    const seen = await answers.look(ref);
    if (!seen.isCancelling) return this.#leave(ref);
    const run = seen.runs.at(-1);
    if (run?.address === busAddress) return null;
    if (!run || run.endedAt !== null) {
      await answers.confirmCancel(ref);
      return null;
    }
    const memory = leases.of(run);
    if (memory.isRefused) {
      await endRun(ref, run, neverBegan("cancelled"), this.#parts);
      return null;
    }
    const state = await requests.cancel(run, this.#signal);
    if (this.#signal.aborted) return null;
    if (state && (await takeKeptReply(ref, run, state, this.#parts))) return null;
    const leftMs = run.leaseMs !== null ? leases.remainingMs(memory) : (run.deadlineAt ?? 0) - clock.now();
    // Unknown, or nobody there, proves nothing: the lease does, or the deadline. Until then the open stream may say more.
    // What says that it ended unclean may still have something that lives, until its lease is over.
    const isOver = (state?.state === "over" && state.ended?.clean !== false) || leftMs <= 0;
    if (!isOver) return Math.max(1, Math.min(config.cancelRetryMs, leftMs > 0 ? leftMs : config.cancelRetryMs));
    const reason = state?.ended?.reason ?? "cancelled; it was not heard of until it was certain to be over";
    await endRun(ref, run, endOf(run, memory, state, reason), this.#parts);
    return null;
  }

  /** The process is over already (forgotten by force, or answered): a run that we still talk to is told once. */
  #leave({ eventId }: EventRef): null {
    const run = this.#jobs.openRun(eventId);
    if (run) this.#parts.inBackground((signal) => this.#parts.requests.cancel(run, signal));
    this.#parts.leases.forget(eventId);
    return null;
  }
}
