// All runs that this process knows, one for each event: who may start, join, renew, look and cancel.

import { type Event, type InvocationState, leaseMsDefault, type Renewal } from "../contract.ts";
import type { FunctionName, WorkFunction } from "../work.ts";
import { createCancelledEvents } from "./cancelled-events.ts";
import { Invocation, type InvocationTools } from "./invocation.ts";
import * as problems from "./invocation-problems.ts";
import { createKeptRuns } from "./kept-runs.ts";
import type { Outcome } from "./transcript.ts";

export interface InvocationsOptions extends InvocationTools {
  functions: Partial<Record<FunctionName, WorkFunction>>;
  invocationsMax: number;
  keptBytesMax: number;
  keptForMs: number;
  onStart?: (invocation: Invocation) => void;
  onOver?: (invocation: Invocation, outcome: Outcome) => void;
}

export class Invocations {
  readonly #options: InvocationsOptions;
  readonly #running = new Map<string, Invocation>();
  readonly #kept;
  readonly #cancelled = createCancelledEvents({ rememberMs: leaseMsDefault, now: () => performance.now() });
  #isStopping = false;

  constructor(options: InvocationsOptions) {
    this.#options = options;
    const { keptBytesMax: bytesMax, keptForMs } = options;
    this.#kept = createKeptRuns<Invocation>({ bytesMax, keptForMs, now: () => performance.now() });
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }
  get runningCount(): number {
    return this.#running.size;
  }
  get keptBytes(): number {
    return this.#kept.bytes;
  }

  /**
   * The run that this event asks for: a new one, or with `join` the one that is known. A start that comes twice is given
   * the outcome of the first, if that is kept, and never works twice.
   * @throws FunctionProblem; 400, 410, 422 and 503 to a start prove that the run never began
   */
  async take(functionName: FunctionName, event: Event): Promise<Invocation> {
    if (this.#isStopping) throw problems.functionsStopping();
    return event.join === true ? this.#join(event) : this.#start(functionName, event);
  }

  /** @throws FunctionProblem 404 `invocation.unknown`, 409 `invocation.superseded`, and what `Invocation.renew` throws */
  renew(eventId: string, renewal: Renewal): void {
    const invocation = this.#findRun(eventId, renewal.run);
    const isOver = invocation.transcript.outcome !== null;
    if (isOver && renewal.reply === true && invocation.isLeased) this.#kept.acknowledge(eventId);
    else invocation.renew(renewal);
  }

  /** @throws FunctionProblem 404 `invocation.unknown` */
  look(eventId: string): InvocationState {
    const invocation = this.#find(eventId);
    if (invocation === null) throw problems.invocationUnknown(eventId);
    return describe(invocation);
  }

  /**
   * Kills the run, waits until nobody of it is left, and tells all that is known.
   * @param run null: whichever there is
   * @throws FunctionProblem 404 `invocation.unknown` (and a start that comes later is refused), 409 `invocation.superseded`
   */
  async cancel(eventId: string, run: number | null): Promise<InvocationState> {
    const invocation = this.#find(eventId);
    if (invocation !== null && run !== null && run < invocation.run) {
      throw problems.invocationSuperseded(eventId, run, invocation.run);
    }
    const isKnown = invocation !== null && (run === null || run === invocation.run);
    if (!isKnown) this.#cancelled.remember(eventId, run);
    await invocation?.stop("cancel");
    if (!isKnown) throw problems.invocationUnknown(eventId);
    return describe(invocation);
  }

  /** Ends every run, and takes no more. Resolves when all are over. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#running.values()].map((invocation) => invocation.stop("stopping")));
    this.#kept.close();
  }

  #find(eventId: string): Invocation | null {
    return this.#running.get(eventId) ?? this.#kept.get(eventId);
  }

  #findRun(eventId: string, run: number): Invocation {
    const invocation = this.#find(eventId);
    if (invocation === null || run > invocation.run) throw problems.invocationUnknown(eventId);
    if (run < invocation.run) throw problems.invocationSuperseded(eventId, run, invocation.run);
    return invocation;
  }

  #join(event: Event): Invocation {
    const invocation = this.#findRun(event.id, event.run ?? 1);
    if (!invocation.isLeased) throw problems.invocationNotLeased(event.id);
    return invocation;
  }

  async #start(functionName: FunctionName, event: Event): Promise<Invocation> {
    const known = this.#admit(event);
    if (known !== null) return known;

    const work = this.#options.functions[functionName];
    if (work === undefined) throw new Error(`${functionName} is not served here`);
    const invocation = new Invocation(functionName, event, work, this.#options);
    // Claimed before anything is awaited: another start of this event finds it taken.
    this.#running.set(event.id, invocation);
    try {
      await work.check(event);
    } catch (error) {
      this.#running.delete(event.id);
      void invocation.stop("stopping");
      throw error;
    }
    // Somebody may have had second thoughts in the meantime.
    if (invocation.endedBy !== null) {
      this.#running.delete(event.id);
      throw invocation.endedBy === "cancel" ? problems.invocationCancelled(event.id) : problems.functionsStopping();
    }
    this.#kept.delete(event.id);
    this.#options.onStart?.(invocation);
    void invocation.over.then((outcome) => this.#close(invocation, outcome));
    invocation.begin();
    return invocation;
  }

  /** May this event start a run? The same run, if it was started before and its outcome is kept; null: a new one. */
  #admit(event: Event): Invocation | null {
    const run = event.run ?? 1;
    if (this.#cancelled.has(event.id, run)) throw problems.invocationCancelled(event.id);
    const known = this.#find(event.id);
    if (known !== null) {
      if (run < known.run && known.isLeased) throw problems.invocationSuperseded(event.id, run, known.run);
      if (known.transcript.outcome === null || !known.groups.areEmpty) {
        throw problems.invocationRunning(event.id, known.run);
      }
      if (run === known.run && known.isLeased) {
        if (known.transcript.isAcknowledged) throw problems.invocationOver(event.id, run);
        return known;
      }
    }
    if (this.#running.size >= this.#options.invocationsMax) throw problems.functionsBusy(this.#options.invocationsMax);
    return null;
  }

  #close(invocation: Invocation, outcome: Outcome): void {
    if (this.#running.get(invocation.eventId) === invocation) this.#running.delete(invocation.eventId);
    this.#options.onOver?.(invocation, outcome);
    if (this.#isStopping) return;
    if (invocation.isLeased) this.#kept.keep(invocation);
    else if (!invocation.groups.areEmpty) {
      // Nothing is kept of it, but that somebody of it still lives.
      this.#kept.keep(invocation);
      void invocation.groups.whenEmpty().then(() => {
        if (this.#kept.get(invocation.eventId) === invocation) this.#kept.delete(invocation.eventId);
      });
    }
  }
}

function describe({ eventId, run, transcript }: Invocation): InvocationState {
  const { outcome, checkpointToSave: checkpoint } = transcript;
  if (outcome === null) return { eventId, run, state: "running", ended: null, checkpoint, reply: null };
  const ended = outcome.ended ?? { clean: true, reason: "It has replied." };
  return { eventId, run, state: "over", ended, checkpoint, reply: outcome.reply };
}
