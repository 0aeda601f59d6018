// The events that wait, run, or are being cancelled: one job for each, in the lane of its resource.
import type { EventRef } from "../event-bus/answers.ts";
import type { ProcessEvent } from "../event-bus/events.ts";
import { maskSecrets, secretValues } from "../process-server/secrets.ts";
import type { Run } from "../store/types.ts";
import { Cancels } from "./cancels.ts";
import { type Job, type WorkParts, workOn } from "./event-work.ts";
import { Lanes } from "./lanes.ts";
import { pause } from "./pause.ts";
import { errorCode, isNotWanted, type Unanswered } from "./settle.ts";
import type { ForwarderStatistics } from "./statistics.ts";

export type JobsParts = Omit<WorkParts, "cancel" | "unanswered" | "inBackground" | "conversing">;

interface LaneJob extends Job {
  phase: "queued" | "working" | "waiting";
  openRun: Run | null;
  /** Its answer is given, or its failure recorded: a firing that comes now is the next one's. */
  isClosing: boolean;
  next: ProcessEvent | null;
  wake: AbortController;
  readonly end: AbortController;
}

export class Jobs {
  readonly #jobs = new Map<string, LaneJob>();
  readonly #lanes: Lanes;
  readonly #cancels: Cancels;
  readonly #parts: WorkParts;
  readonly #stopping = new AbortController();
  readonly #background = new Set<Promise<unknown>>();
  #keepAlive: NodeJS.Timeout | null = null;

  constructor(parts: JobsParts) {
    this.#lanes = new Lanes(parts.config.concurrencyMax);
    this.#parts = {
      ...parts,
      cancel: (ref) => this.cancel(ref),
      unanswered: (ref, why) => this.#recordUnanswered(ref, why),
      inBackground: (work) => this.#track(work(this.#stopping.signal).catch(() => {})),
      conversing: ({ ref }, run) => this.#noteOpenRun(ref, run),
    };
    const jobs = {
      cancel: (ref: EventRef) => this.#markCancelled(ref.eventId),
      openRun: (eventId: string) => this.#jobs.get(eventId)?.openRun ?? null,
      abort: (eventId: string) => this.#jobs.get(eventId)?.end.abort(),
    };
    this.#cancels = new Cancels(this.#parts, jobs, this.#stopping.signal);
  }

  /** Another firing of an event that is here already is no second job; where it waits, it is looked at again at once. */
  take(event: ProcessEvent): void {
    if (this.#stopping.signal.aborted) return;
    const known = this.#jobs.get(event.id);
    if (!known) return this.#add(event);
    if (known.isClosing) known.next = event;
    else if (known.phase === "queued") known.event = event;
    else known.wake.abort();
  }

  cancel(ref: EventRef): void {
    if (!this.#stopping.signal.aborted) this.#track(this.#cancels.start(ref));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopKeepAlive();
    for (const job of this.#jobs.values()) job.end.abort();
    while (this.#background.size > 0) await Promise.allSettled(this.#background);
  }

  statistics(): ForwarderStatistics {
    const queued = new Map<string, number>();
    let waiting = 0;
    for (const { handler, phase } of this.#jobs.values()) {
      queued.set(handler, (queued.get(handler) ?? 0) + (phase === "queued" ? 1 : 0));
      if (phase === "queued") waiting += 1;
    }
    const handlers = this.#parts.statistics.list(queued);
    return { lanes: this.#lanes.count, queued: waiting, running: this.#lanes.running, handlers };
  }

  #add(event: ProcessEvent): void {
    const end = new AbortController();
    const job: LaneJob = {
      ref: { eventId: event.id, machineId: event.resourceId },
      handler: event.handler,
      event,
      isCancelled: false,
      phase: "queued",
      openRun: null,
      isClosing: false,
      next: null,
      wake: new AbortController(),
      end,
      signal: end.signal,
    };
    this.#jobs.set(event.id, job);
    this.#keepAlive ??= setInterval(() => this.#showLife(), this.#parts.config.keepAliveEveryMs).unref();
    this.#track(this.#lanes.add(event.resourceId, () => this.#run(job)));
  }

  async #run(job: LaneJob): Promise<void> {
    try {
      while (!job.isCancelled && !job.signal.aborted) {
        const step = await this.#lanes.underCap(() => this.#work(job));
        if (step.isOver) return;
        job.phase = "waiting";
        await pause(step.againInMs, [job.wake.signal, job.signal]);
        job.phase = "queued";
        if (job.wake.signal.aborted) job.wake = new AbortController();
      }
    } catch (error) {
      await this.#fail(job, error);
    } finally {
      this.#remove(job);
    }
  }

  #work(job: LaneJob) {
    job.phase = "working";
    return workOn(job, this.#parts);
  }

  /** The process goes on by being fired again, whatever went wrong here. */
  async #fail({ ref, handler, signal }: LaneJob, error: unknown): Promise<void> {
    const about = { eventId: ref.eventId, handler, code: errorCode(error) };
    if (isNotWanted(error) || signal.aborted) return this.#parts.log.debug(about, "event dropped");
    this.#parts.log.error({ ...about, err: error }, "event not forwarded");
    const why = { code: "forwarder.failed", message: "the relay could not forward it; see its log", isCounted: true };
    await this.#recordUnanswered(ref, why).catch(() => {});
  }

  #remove(job: LaneJob): void {
    const { eventId } = job.ref;
    if (this.#jobs.get(eventId) === job) this.#jobs.delete(eventId);
    if (this.#jobs.size === 0) this.#stopKeepAlive();
    if (job.next && !job.isCancelled) this.take(job.next);
  }

  #markCancelled(eventId: string): void {
    const job = this.#jobs.get(eventId);
    if (!job) return;
    job.isCancelled = true;
    job.wake.abort();
    // It leaves the lane when its turn comes, without a word; a later event of the same id is a job of its own.
    if (job.phase === "queued") this.#jobs.delete(eventId);
  }

  #noteOpenRun(ref: EventRef, run: Run | null): void {
    const job = this.#jobs.get(ref.eventId);
    if (job) job.openRun = run;
  }

  async #recordUnanswered(ref: EventRef, why: Unanswered): Promise<void> {
    const job = this.#jobs.get(ref.eventId);
    if (this.#stopping.signal.aborted) return;
    if (job) {
      job.isClosing = true;
      // Shown with the handler, to whoever may look at handlers.
      const message = maskSecrets(why.message, secretValues(job.event.data.machine));
      this.#parts.statistics.fail(job.handler, why.code, message);
    }
    await this.#parts.answers.recordUnanswered(ref, why);
  }

  #track(work: Promise<unknown>): void {
    this.#background.add(work);
    work.finally(() => this.#background.delete(work));
  }

  #showLife(): void {
    for (const eventId of this.#jobs.keys()) this.#parts.answers.keepAlive(eventId);
  }

  #stopKeepAlive(): void {
    if (this.#keepAlive) clearInterval(this.#keepAlive);
    this.#keepAlive = null;
  }
}
