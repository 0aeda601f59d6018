// When is each machine's current event due again? One entry and one timer for each machine that waits; none while idle.
import type { Process } from "../store/types.ts";

export interface Watch {
  machineId: string;
  processId: string;
  eventId: string;
  handler: string;
  /** The event's name on the bus if nobody heard it: fired at once when somebody comes. */
  unheardName: string | null;
  /** Secret values of the machine, masked in whatever its handler says. */
  secrets: readonly string[];
  dueAt: number;
  /** What its process had as the time of the next firing when that was last looked at. */
  nextFireAt: number | null;
  /** However lively it is, not later than this. */
  latestAt: number;
  /** `silence`: a sign of life puts it off · `appointment`: fired then, whatever happens · `cancel`: given up on then. */
  kind: "silence" | "appointment" | "cancel";
  lastSignAt: number;
  /** The stage that was heard last, and since when: it is written a little later. */
  stage: { name: string; since: number } | null;
  timer: NodeJS.Timeout;
}

export type NewWatch = Omit<Watch, "timer" | "lastSignAt" | "stage">;

/** setTimeout's longest delay; a later time is looked at again then. */
const timerMsMax = 2 ** 31 - 1;

export class Watches {
  readonly #byMachine = new Map<string, Watch>();
  readonly #byEvent = new Map<string, Watch>();
  readonly #silenceMs: number;
  readonly #now: () => number;
  readonly #onDue: (watch: Watch) => void;

  constructor(silenceMs: number, now: () => number, onDue: (watch: Watch) => void) {
    this.#silenceMs = silenceMs;
    this.#now = now;
    this.#onDue = onDue;
  }

  set(watch: NewWatch): Watch {
    this.clear(watch.machineId);
    const added = { ...watch, lastSignAt: this.#now(), stage: null, timer: undefined as unknown as NodeJS.Timeout };
    this.#byMachine.set(watch.machineId, added);
    this.#byEvent.set(watch.eventId, added);
    this.#arm(added);
    return added;
  }

  get(machineId: string): Watch | undefined {
    return this.#byMachine.get(machineId);
  }

  /** Where the process's next firing has moved, that is an appointment. What signs of life have put off stays put off. */
  postpone(process: Process): void {
    const watch = this.#byMachine.get(process.resourceId);
    if (!watch || watch.processId !== process.id || process.nextFireAt === null) return;
    if (watch.nextFireAt === process.nextFireAt) return;
    Object.assign(watch, { dueAt: process.nextFireAt, nextFireAt: process.nextFireAt, kind: "appointment" });
    this.#arm(watch);
  }

  /** What was due could not be done: it is due again after another silence limit, unless something else is by then. */
  retry(watch: Watch): void {
    if (this.#byMachine.get(watch.machineId) !== watch) return;
    watch.dueAt = this.#now() + this.#silenceMs;
    this.#arm(watch);
  }

  /** The one that watches this event, while it is a machine's current one. */
  ofEvent(eventId: string): Watch | undefined {
    return this.#byEvent.get(eventId);
  }

  keepAlive(eventId: string): void {
    const watch = this.#byEvent.get(eventId);
    if (watch) watch.lastSignAt = this.#now();
  }

  /** `name` was heard, or nothing of a stage. Answers the stage that the work on this event is in, by all that was heard. */
  hearStage(eventId: string, name: string | null): Watch["stage"] {
    const watch = this.#byEvent.get(eventId);
    if (!watch) return name === null ? null : { name, since: this.#now() };
    if (name !== null && name !== watch.stage?.name) watch.stage = { name, since: this.#now() };
    return watch.stage;
  }

  clear(machineId: string): void {
    const watch = this.#byMachine.get(machineId);
    if (!watch) return;
    clearTimeout(watch.timer);
    this.#byMachine.delete(machineId);
    this.#byEvent.delete(watch.eventId);
  }

  all(): Iterable<Watch> {
    return this.#byMachine.values();
  }

  stop(): void {
    for (const watch of this.#byMachine.values()) clearTimeout(watch.timer);
    this.#byMachine.clear();
    this.#byEvent.clear();
  }

  #arm(watch: Watch): void {
    clearTimeout(watch.timer);
    const delayMs = Math.min(Math.max(0, watch.dueAt - this.#now()), timerMsMax);
    watch.timer = setTimeout(() => this.#ring(watch), delayMs);
  }

  #ring(watch: Watch): void {
    if (watch.kind !== "appointment") {
      watch.dueAt = Math.min(watch.latestAt, Math.max(watch.dueAt, watch.lastSignAt + this.#silenceMs));
    }
    if (watch.dueAt > this.#now()) return this.#arm(watch);
    this.#onDue(watch);
  }
}
