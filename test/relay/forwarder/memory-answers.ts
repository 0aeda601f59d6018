// A process server in memory, for the forwarder's tests: one machine for each event, fired again until it is answered.
import { gzipSync } from "node:zlib";
import type { EventMachine, LogLine, Progress, Reply } from "../../../functions/contract.ts";
import { RelayError } from "../../../relay/errors.ts";
import type { Answers, RunEnd } from "../../../relay/event-bus/answers.ts";
import { type Bus, createBus } from "../../../relay/event-bus/bus.ts";
import type { ProcessEvent } from "../../../relay/event-bus/events.ts";
import type { Run } from "../../../relay/store/types.ts";

export type Unanswered = Parameters<Answers["recordUnanswered"]>[1];

export interface ProcessInMemory {
  eventId: string;
  machineId: string;
  handler: string;
  state: "running" | "cancelling" | "ended";
  outcome: "replied" | "cancelled" | null;
  attempt: number;
  archive: string | null;
  runs: Run[];
  replies: Reply[];
  unanswered: Unanswered[];
  progress: Progress[];
  log: LogLine[];
  checkpoints: { run: number; archive: string }[];
  keepAlives: number;
  ends: RunEnd[];
}

/** Real enough for everybody who checks it. */
export const archiveOf = (content: string) => gzipSync(content).toString("base64");

export class MemoryAnswers implements Answers {
  readonly bus: Bus = createBus({ startId: "test", redact: () => ({}) as never });
  readonly processes = new Map<string, ProcessInMemory>();
  /** Fires again what was not answered, after the wait that was asked for or this one. */
  refireMs: number | null = null;
  leaseMs = 60_000;
  /** Called before a run is put on disk, as if the disk took that long. */
  beforeBegin: () => Promise<void> = async () => {};
  /** Called when a run is on disk, and nobody knows yet. */
  afterBegin: (process: ProcessInMemory) => Promise<void> = async () => {};
  beforeReply: (reply: Reply) => Promise<void> = async () => {};
  #number = 0;
  #timers = new Set<NodeJS.Timeout>();
  #watchers = new Set<() => void>();

  open(handler = "create", machineId?: string): ProcessInMemory {
    this.#number += 1;
    const process: ProcessInMemory = {
      eventId: `evt_${this.#number}`,
      machineId: machineId ?? `mch_${this.#number}`,
      handler,
      state: "running",
      outcome: null,
      attempt: 0,
      archive: null,
      runs: [],
      replies: [],
      unanswered: [],
      progress: [],
      log: [],
      checkpoints: [],
      keepAlives: 0,
      ends: [],
    };
    this.processes.set(process.eventId, process);
    return process;
  }

  fire(process: ProcessInMemory, time = Date.now()): void {
    process.attempt += 1;
    this.bus.publish(this.eventOf(process, time));
    this.#changed();
  }

  cancel(process: ProcessInMemory): void {
    process.state = "cancelling";
    this.publishCancel(process);
  }

  publishCancel({ eventId, machineId, handler }: ProcessInMemory): void {
    const data = { eventId, machineId, processId: "prc_1", handler };
    this.bus.publish({
      id: "n",
      name: "process.cancel",
      resourceType: "machine",
      resourceId: machineId,
      time: 0,
      data,
    });
  }

  eventOf(process: ProcessInMemory, time: number): ProcessEvent {
    const { eventId, machineId, archive } = process;
    const machine: EventMachine = {
      id: machineId,
      name: "web-1",
      machineName: "web-1-k3f9q2ab",
      driver: "none",
      driverConfig: { url: "tcp://127.0.0.1:2376" },
      engine: {},
      labels: {},
      archive,
      resolved: null,
    };
    return {
      id: eventId,
      name: "machine.create",
      handler: process.handler,
      resourceType: "machine",
      resourceId: machineId,
      replyTo: `reply.${eventId}`,
      time,
      attempt: process.attempt,
      run: Math.max(1, process.runs.length),
      join: false,
      leaseMs: this.leaseMs,
      data: { machine },
    };
  }

  /** Resolves when it is true, looked at after every change. */
  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = () => {
        if (!isTrue()) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** For the servers of a test, whose changes count too. */
  changed(): void {
    this.#changed();
  }

  async look({ eventId }: { eventId: string }) {
    const process = this.processes.get(eventId);
    return {
      isCurrent: process?.state === "running" || process?.state === "cancelling",
      isCancelling: process?.state === "cancelling",
      runs: structuredClone(process?.state === "ended" ? [] : (process?.runs ?? [])),
    };
  }

  async beginRun({ eventId }: { eventId: string }, place: Parameters<Answers["beginRun"]>[1]) {
    await this.beforeBegin();
    const process = this.#current(eventId);
    if (process.state !== "running" || process.runs.some((run) => run.endedAt === null)) {
      throw new RelayError("event.over", { message: "not to be worked on" });
    }
    const run: Run = {
      eventId,
      run: process.runs.length + 1,
      ...place,
      startedAt: Date.now(),
      endedAt: null,
      isClean: null,
      endReason: null,
    };
    process.runs.push(run);
    this.#changed();
    await this.afterBegin(process);
    return structuredClone(run);
  }

  async endRun({ eventId }: { eventId: string }, number: number, end: RunEnd) {
    const process = this.processes.get(eventId);
    const run = process?.runs.at(-1);
    if (!process || process.state === "ended" || run?.run !== number || run.endedAt !== null) return;
    process.ends.push(end);
    if (end.archive !== undefined) process.archive = end.archive;
    Object.assign(run, { endedAt: Date.now(), isClean: end.isClean, endReason: end.reason });
    if (process.state === "cancelling") this.#end(process, "cancelled");
    this.#changed();
  }

  async confirmCancel({ eventId }: { eventId: string }) {
    const process = this.processes.get(eventId);
    if (process?.state === "cancelling") this.#end(process, "cancelled");
    this.#changed();
  }

  keepAlive(eventId: string) {
    const process = this.processes.get(eventId);
    if (process) process.keepAlives += 1;
    this.#changed();
  }

  recordProgress({ eventId }: { eventId: string }, _run: number, progress: Progress) {
    this.processes.get(eventId)?.progress.push(progress);
    this.#changed();
  }

  recordLog({ eventId }: { eventId: string }, _run: number, line: LogLine) {
    this.processes.get(eventId)?.log.push(line);
    this.#changed();
  }

  async recordCheckpoint({ eventId }: { eventId: string }, run: number, archive: string) {
    const process = this.#current(eventId, run);
    process.archive = archive;
    process.checkpoints.push({ run, archive });
    this.#changed();
  }

  async reply(reply: Reply) {
    await this.beforeReply(reply);
    const process = this.#current(reply.previousIds[0] as string, reply.run);
    process.replies.push(reply);
    const run = process.runs.at(-1);
    if (run) Object.assign(run, { endedAt: Date.now(), isClean: true, endReason: "replied" });
    this.#end(process, process.state === "cancelling" ? "cancelled" : "replied");
    this.#changed();
  }

  async recordUnanswered({ eventId }: { eventId: string }, why: Unanswered) {
    const process = this.processes.get(eventId);
    if (process?.state !== "running") return;
    process.unanswered.push(why);
    if (this.refireMs !== null) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        if (process.state === "running") this.fire(process);
      }, why.retryAfterMs ?? this.refireMs);
      this.#timers.add(timer);
    }
    this.#changed();
  }

  #current(eventId: string, run?: number): ProcessInMemory {
    const process = this.processes.get(eventId);
    if (!process || process.state === "ended") throw new RelayError("event.over", { message: "over" });
    if (run !== undefined && process.runs.at(-1)?.run !== run) {
      throw new RelayError("event.otherRun", { message: "another run" });
    }
    return process;
  }

  #end(process: ProcessInMemory, outcome: ProcessInMemory["outcome"]): void {
    process.state = "ended";
    process.outcome = outcome;
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
