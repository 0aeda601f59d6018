// One run of one event's work, from its start to its one outcome. Knows nothing of HTTP, nor of other runs.
import type { Logger } from "pino";
import type { Event, Renewal } from "../contract.ts";
import { ProgramGroups } from "../programs/program-groups.ts";
import { groupEmptyWithinMs } from "../programs/run-program.ts";
import type { FunctionName, WorkContext, WorkFunction, WorkResult } from "../work.ts";
import { planDeadline } from "./deadline.ts";
import { checkpointUnknown, invocationCancelled, invocationEnded, invocationNotLeased } from "./invocation-problems.ts";
import { Lease, leaseEnded } from "./lease.ts";
import { createReply } from "./reply.ts";
import { type Outcome, Transcript } from "./transcript.ts";
import { createWorkContext } from "./work-context.ts";
import type { Workspace } from "./workspace.ts";

const second = 1000;
/** Work that was told to stop has this long, which is more than a killed program needs. It can start nothing any more. */
const stopWithinMs = groupEmptyWithinMs + 5 * second;

/** Why a run ends without a reply. */
export type EndCause = "lease" | "cancel" | "connection" | "deadline" | "stopping";

const reasons: Record<EndCause, string> = {
  lease: "Its lease ended: nobody renewed it in time.",
  cancel: "It was cancelled.",
  connection: "Its connection was closed, and it had no lease.",
  deadline: "It was not done by its deadline.",
  stopping: "The functions are shutting down.",
};

/** What is the same for every run. */
export interface InvocationTools {
  workspace: Workspace;
  /** What programs inherit. */
  environment: Readonly<Record<string, string>>;
  deadlineMs: number;
  beatEveryMs: number;
  log: Logger;
}

export class Invocation {
  readonly eventId: string;
  readonly run: number;
  readonly functionName: FunctionName;
  readonly transcript: Transcript;
  readonly groups = new ProgramGroups();
  readonly startedAt = performance.now();
  /** Resolves when it has its outcome. Never rejects. */
  readonly over: Promise<Outcome>;
  readonly #resolveOver: (outcome: Outcome) => void;
  readonly #lease: Lease | null;
  readonly #controller = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Null when it is over: an event holds secrets, and an archive. */
  #given: { event: Event; work: WorkFunction; tools: InvocationTools } | null;
  #endedBy: EndCause | null = null;
  #isWorking = false;

  constructor(functionName: FunctionName, event: Event, work: WorkFunction, tools: InvocationTools) {
    this.eventId = event.id;
    this.run = event.run ?? 1;
    this.functionName = functionName;
    this.#given = { event, work, tools };
    this.#lease = event.leaseMs === undefined ? null : new Lease(event.leaseMs, performance.now());
    this.transcript = new Transcript((beat) => this.#lease?.noteBeat(beat, performance.now()));
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.over = promise;
    this.#resolveOver = resolve;
  }

  get isLeased(): boolean {
    return this.#lease !== null;
  }
  get endedBy(): EndCause | null {
    return this.#endedBy;
  }

  /** With a lease it waits for the first renewal; without one it works at once. */
  begin(): void {
    if (this.#given === null) return;
    const { beatEveryMs } = this.#given.tools;
    this.#timers.push(setInterval(() => this.transcript.beat(), beatEveryMs));
    if (this.#lease === null) void this.#work();
    else this.#watchLease(this.#lease);
  }

  /**
   * Renews the lease and acknowledges checkpoints.
   * @throws FunctionProblem 409 `invocation.notLeased`, 410 `lease.ended` or why else it is over, 422 `beat.unknown`
   */
  renew({ beat, checkpoint }: Omit<Renewal, "run">): void {
    const lease = this.#lease;
    if (lease === null) throw invocationNotLeased(this.eventId);
    if (!this.transcript.acknowledgeCheckpoint(checkpoint)) throw checkpointUnknown(checkpoint);
    // It has a reply to give: an acknowledgement is welcome, however late.
    if (this.transcript.outcome?.reply || this.transcript.isAcknowledged) return;
    if (this.#endedBy === null && lease.hasEnded(performance.now())) void this.stop("lease");
    if (this.#endedBy === "lease") throw leaseEnded();
    if (this.#endedBy === "cancel") throw invocationCancelled(this.eventId);
    if (this.#endedBy !== null || this.transcript.outcome !== null) {
      throw invocationEnded(this.eventId, reasons[this.#endedBy ?? "stopping"]);
    }
    lease.renew(beat, performance.now());
    void this.#work();
  }

  /** Ends it without a reply: kills what it runs, waits until nobody of it is left. The first cause wins. */
  stop(cause: EndCause): Promise<Outcome> {
    if (this.#given !== null && this.#endedBy === null) {
      this.#endedBy = cause;
      this.#controller.abort();
      if (!this.#isWorking) this.#finish({ reply: null, ended: { clean: true, reason: reasons[cause] } });
    }
    return this.over;
  }

  #watchLease(lease: Lease): void {
    const leftMs = lease.endsAt - performance.now();
    if (leftMs <= 0) void this.stop("lease");
    else this.#timers.push(setTimeout(() => this.#watchLease(lease), leftMs));
  }

  async #work(): Promise<void> {
    if (this.#isWorking || this.#given === null) return;
    this.#isWorking = true;
    const { event, work, tools } = this.#given;
    const { deadlineAt, stopAt } = planDeadline(performance.now(), tools.deadlineMs, event.deadlineMs);
    this.#timers.push(setTimeout(() => void this.stop("deadline"), stopAt - performance.now()));
    let directory: string | null = null;
    let mask = (text: string) => text;
    let result: WorkResult | null = null;
    try {
      directory = await tools.workspace.create();
      const context = createWorkContext({
        event,
        directory,
        signal: this.#controller.signal,
        deadlineAt,
        lease: this.#lease,
        groups: this.groups,
        transcript: this.transcript,
        environment: tools.environment,
      });
      mask = context.mask;
      result = await this.#untilStopped(work, context);
    } catch (error) {
      // Once told to stop, the work throws as it likes.
      if (this.#endedBy === null) result = this.#failWith(error as Error, mask, tools.log);
    }
    // What was seen after the word to stop may be the kill's own doing: a driver's failure that is none.
    if (this.#endedBy !== null) result = null;
    // A program that the work forgot.
    this.#controller.abort();
    const isClean = await this.groups.waitUntilEmpty(groupEmptyWithinMs);
    if (directory !== null)
      await tools.workspace.remove(directory).catch((err) => tools.log.error({ err }, "cannot remove"));

    if (result !== null && isClean) this.#finish({ reply: createReply(event, result, mask), ended: null });
    else {
      const reason = this.#endedBy === null ? "Something that it started cannot be killed." : reasons[this.#endedBy];
      this.#finish({ reply: null, ended: { clean: isClean, reason } });
    }
  }

  /** @returns null when it was told to stop and does not; it can start nothing any more, so its programs decide */
  async #untilStopped(work: WorkFunction, context: WorkContext): Promise<WorkResult | null> {
    const late = Promise.withResolvers<null>();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      timer = setTimeout(() => late.resolve(null), stopWithinMs);
    };
    context.signal.addEventListener("abort", onAbort, { once: true });
    if (context.signal.aborted) return null;
    try {
      return await Promise.race([work.work(context), late.promise]);
    } finally {
      context.signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    }
  }

  /** A defect of ours, told as a failure of the process and not repeated for ever. */
  #failWith(error: Error, mask: (text: string) => string, log: Logger): WorkResult {
    log.error({ eventId: this.eventId, run: this.run, stack: mask(error.stack ?? String(error)) }, "the work threw");
    const message = mask(`The function ${this.functionName} failed: ${error.message ?? error}`);
    return { transitioning: "error", code: "function.failed", message, machine: {} };
  }

  #finish(outcome: Outcome): void {
    if (this.#given === null) return;
    this.#given = null;
    for (const timer of this.#timers) clearTimeout(timer);
    this.transcript.finish(outcome);
    this.#resolveOver(outcome);
  }
}
