// One machine and what belongs to it, in memory: what decisions change is seen by the next. For tests of pure rules.
import type { Reply } from "../../../functions/contract.ts";
import { processServerDefaults } from "../../../relay/process-server/config.ts";
import { Draft, type Effect, type Outcome } from "../../../relay/process-server/draft.ts";
import { takeReply } from "../../../relay/process-server/replies.ts";
import { beginRun } from "../../../relay/process-server/runs.ts";
import { openProcess } from "../../../relay/process-server/steps.ts";
import type { Decision, Handler, Machine, NewHistoryEntry, Process, Run } from "../../../relay/store/types.ts";
import { aMachine } from "../store/records.ts";

export const config = processServerDefaults;

export function handler(name: string, event: string, order = 100, url: string | null = "http://127.0.0.1:1"): Handler {
  return { name, event, order, url, keyHash: null, source: "api", updatedAt: 0 };
}

export const ownHandlers = [
  handler("create", "machine.create"),
  handler("bootstrap", "machine.bootstrap"),
  handler("delete", "machine.delete"),
];

/** Gzip, base64, and nothing in it. */
export const emptyArchive = "H4sIAAAAAAAAAwMAAAAAAAAAAAA=";

export class World {
  now = 1_790_000_000_000;
  handlers: Handler[] = ownHandlers;
  machine: Machine = aMachine("mch_01K000000000000000K3F9Q2AB", { name: "web-1", machineName: "web-1-k3f9q2ab" });
  archive: string | null = null;
  strays: string[] = [];
  processes: Process[] = [];
  runs: Run[] = [];
  history: NewHistoryEntry[] = [];
  /** What was decided of stages, in order. */
  stages: NonNullable<Decision<Outcome>["stage"]>[] = [];
  effects: Effect[] = [];

  get open(): Process[] {
    return this.processes.filter((process) => process.state !== "ended");
  }
  get current(): Process {
    return this.open[0] as Process;
  }
  get step() {
    return this.current.steps.find((step) => step.state === "active");
  }
  get eventId(): string {
    return this.step?.eventId as string;
  }

  /** What the store does: shows, lets decide, keeps. */
  change(decide: (draft: Draft) => void): Outcome {
    const draft = new Draft({
      now: this.now,
      machine: this.machine,
      open: this.open,
      last: this.processes.filter((process) => process.state === "ended").at(-1) ?? null,
      runs: this.runs.filter((run) => run.eventId === this.open[0]?.steps.find((s) => s.state === "active")?.eventId),
      handlers: this.handlers,
    });
    decide(draft);
    const { result, machine, processes, runs, archive, stray, history, stage } = draft.decision();
    this.machine = { ...this.machine, ...machine, ...(archive === undefined ? {} : { hasArchive: archive !== null }) };
    for (const process of processes ?? []) {
      this.processes = [...this.processes.filter((other) => other.id !== process.id), process];
    }
    for (const run of runs ?? []) {
      this.runs = [...this.runs.filter((other) => other.eventId !== run.eventId || other.run !== run.run), run];
    }
    if (archive !== undefined) this.archive = archive;
    if (stray) this.strays.push(stray.archive);
    this.history.push(...(history ?? []));
    if (stage) this.stages.push(stage);
    this.effects = result.effects;
    return result;
  }

  start(name: "create" | "bootstrap" | "delete" = "create"): this {
    this.change((draft) => openProcess(draft, name, config));
    return this;
  }

  begin(): Run {
    let run: Run | undefined;
    const place = { url: "http://127.0.0.1:1", address: "127.0.0.1:1", leaseMs: 60_000, deadlineAt: null };
    this.change((draft) => {
      run = beginRun(draft, { eventId: this.eventId, machineId: this.machine.id }, place);
    });
    return run as Run;
  }

  reply(change: Partial<Reply> = {}): Outcome {
    const eventId = change.previousIds?.[0] ?? this.eventId;
    const reply: Reply = {
      name: `reply.${eventId}`,
      previousIds: [eventId],
      resourceType: "machine",
      resourceId: this.machine.id,
      ...change,
    };
    return this.change((draft) => takeReply(draft, reply, config));
  }

  /** To the state `active`, as it goes when all goes well. */
  activate(): this {
    this.start();
    this.begin();
    this.reply({ run: 1, data: { machine: { archive: emptyArchive } } });
    this.begin();
    this.reply({ run: 1 });
    return this;
  }
}
