// A decision in the making: changes what the snapshot shows, remembers what was changed and what must follow.
// Pure: nothing leaves it before `decision` hands everything over.
import type {
  Decision,
  Failure,
  Handler,
  Machine,
  NewHistoryEntry,
  Process,
  Run,
  Snapshot,
  Step,
} from "../store/types.ts";

/** What the engine does once a decision is on disk. */
export type Effect =
  /** `silentAt`: when it is fired again if nobody has shown a sign of life. */
  | { kind: "fire"; process: Process; step: Step; hasUrl: boolean; silentAt: number }
  | { kind: "cancel"; process: Process; eventId: string }
  | { kind: "leave" };

/** What a decision comes to: the machine as it now is, and what follows. */
export interface Outcome {
  machine: Machine;
  /** The process that is open now, for display. */
  process: Process | null;
  effects: Effect[];
  /** Was anything written at all? Else there is nothing to tell anybody. */
  hasChanged: boolean;
  /** Recorded all the same, but whoever said it is told no. */
  refusal: { code: "event.over" | "event.otherRun"; message: string } | null;
}

type MachineChange = NonNullable<Decision<Outcome>["machine"]>;

export class Draft {
  readonly now: number;
  readonly handlers: readonly Handler[];
  readonly last: Process | null;
  machine: Machine;
  refusal: Outcome["refusal"] = null;
  #open: Process[];
  #runs: Run[];
  #machineChange: MachineChange = {};
  #processes = new Map<string, Process>();
  #changedRuns = new Map<string, Run>();
  #history: NewHistoryEntry[] = [];
  #effects: Effect[] = [];
  #archive: string | null | undefined;
  #stray: Decision<Outcome>["stray"];
  #stage: Decision<Outcome>["stage"];
  #forgetSecrets = false;

  constructor(snapshot: Snapshot) {
    this.now = snapshot.now;
    this.machine = snapshot.machine;
    this.handlers = snapshot.handlers;
    this.last = snapshot.last;
    this.#open = snapshot.open;
    this.#runs = snapshot.runs;
  }

  /** The process that may work on the machine now: the oldest one that has not ended. */
  get current(): Process | null {
    return this.#open[0] ?? null;
  }

  get open(): readonly Process[] {
    return this.#open;
  }

  get activeStep(): Step | null {
    return this.current?.steps.find((step) => step.state === "active") ?? null;
  }

  /** The newest run of the active step. */
  get run(): Run | null {
    return this.#runs.at(-1) ?? null;
  }

  /** Is there a run that may still live? */
  get hasLiveRun(): boolean {
    return this.run !== null && this.run.endedAt === null;
  }

  changeMachine(change: MachineChange): void {
    Object.assign(this.#machineChange, change);
    this.machine = { ...this.machine, ...change };
  }

  /** Replaces a process by a changed copy; a process that ended is no longer open. */
  changeProcess(process: Process, change: Partial<Process>): Process {
    const changed = { ...process, ...change };
    this.#processes.set(changed.id, changed);
    const index = this.#open.findIndex((open) => open.id === changed.id);
    if (changed.state === "ended") this.#open = this.#open.filter((open) => open.id !== changed.id);
    else if (index >= 0) this.#open = this.#open.with(index, changed);
    else this.#open = [...this.#open, changed];
    return changed;
  }

  changeStep(process: Process, step: Step, change: Partial<Step>): { process: Process; step: Step } {
    const changed = { ...step, ...change };
    const steps = process.steps.map((other) => (other.eventId === step.eventId ? changed : other));
    return { process: this.changeProcess(process, { steps }), step: changed };
  }

  putRun(run: Run): void {
    this.#changedRuns.set(`${run.eventId} ${run.run}`, run);
    this.#runs = [...this.#runs.filter((other) => other.run !== run.run), run];
  }

  /** Another step or process is current now: the runs seen so far are not its. */
  leaveRuns(): void {
    this.#runs = [];
  }

  setArchive(archive: string | null): void {
    this.#archive = archive;
    this.machine = { ...this.machine, hasArchive: archive !== null };
  }

  setStray(archive: string, eventId: string | null, reason: string): void {
    this.#stray = { archive, eventId, reason };
  }

  /** What the run that lives does now, as its handler calls it. */
  enterStage(stage: string, at: number): void {
    // What was said by a run that is over by now: nothing would end the stage.
    if (this.current && this.hasLiveRun) this.#stage = { processId: this.current.id, stage, at };
  }

  /** A stage is its run's: the waiting between two runs, and the next handler's work, are no part of it. */
  leaveStage(): void {
    if (this.current) this.#stage = { processId: this.current.id, stage: null, at: this.now };
  }

  forgetSecrets(): void {
    this.#forgetSecrets = true;
    this.setArchive(null);
  }

  note(kind: string, message: string, about: Partial<NewHistoryEntry> = {}): void {
    const step = this.activeStep;
    this.#history.push({
      kind,
      message,
      processId: this.current?.id ?? null,
      eventId: step?.eventId ?? null,
      attempt: step?.attempt || null,
      run: step?.run || null,
      ...about,
    });
  }

  follow(effect: Effect): void {
    this.#effects.push(effect);
  }

  decision(): Decision<Outcome> {
    const { machine, current: process, refusal } = this;
    return {
      result: { machine, process, effects: this.#effects, hasChanged: this.#hasChanged, refusal },
      machine: this.#machineChange,
      processes: [...this.#processes.values()],
      runs: [...this.#changedRuns.values()],
      history: this.#history,
      ...(this.#archive === undefined ? {} : { archive: this.#archive }),
      ...(this.#stray === undefined ? {} : { stray: this.#stray }),
      ...(this.#stage === undefined || this.#endsWithItsProcess(this.#stage) ? {} : { stage: this.#stage }),
      ...(this.#forgetSecrets ? { forgetSecrets: true } : {}),
    };
  }

  get #hasChanged(): boolean {
    return (
      Object.keys(this.#machineChange).length > 0 ||
      this.#processes.size > 0 ||
      this.#changedRuns.size > 0 ||
      this.#history.length > 0 ||
      [this.#archive, this.#stray, this.#stage].some((change) => change !== undefined)
    );
  }

  /** Then the store ends it without being told: one statement less for every event. */
  #endsWithItsProcess({ processId, stage }: NonNullable<Decision<Outcome>["stage"]>): boolean {
    return stage === null && this.#processes.get(processId)?.state === "ended";
  }
}

/** One line for the history. */
export function describeFailure(failure: Failure): string {
  return `${failure.message} (${failure.code})`;
}
