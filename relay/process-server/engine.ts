// Runs the lifecycles: takes wishes and answers, has them decided and written, and then does what follows: fires events,
// cancels, tells everybody. Nothing is fired before it is on disk. Knows neither HTTP nor SQL.
import type { AgentLaunch } from "../../functions/contract.ts";
import type { Bus } from "../event-bus/bus.ts";
import type { Notice } from "../event-bus/events.ts";
import type { Host, Machine, NewHistoryEntry, Process, Store } from "../store/types.ts";
import { busAddress } from "./close-run.ts";
import type { ProcessServerConfig } from "./config.ts";
import { Draft, type Effect, type Outcome } from "./draft.ts";
import { buildEvent, eventName } from "./event.ts";
import { newNoticeId } from "./ids.ts";
import { endRun } from "./runs.ts";
import { secretValues } from "./secrets.ts";
import { fire, fireLater } from "./steps.ts";
import { type Watch, Watches } from "./watches.ts";

export interface EngineParts {
  store: Store;
  bus: Bus;
  config: ProcessServerConfig;
  /** The agent's container for this machine; its token's hash is on disk when it resolves. */
  prepareAgent: (machine: Machine) => Promise<AgentLaunch>;
  /** The public view of a machine, as the API shows it. */
  viewMachine: (machine: Machine, process: Process | null) => unknown;
  log: { error(about: object, message: string): void; warn(about: object, message: string): void };
  now?: () => number;
  observe?: Observer;
}

/** For metrics. */
export interface Observer {
  fired(process: Process, attempt: number): void;
  /** From the first firing of the event to its final reply. */
  replied(process: Process, durationMs: number, isError: boolean): void;
}

export class Engine {
  readonly store: Store;
  readonly config: ProcessServerConfig;
  readonly watches: Watches;
  readonly log: EngineParts["log"];
  readonly observe: Observer | undefined;
  readonly now: () => number;
  readonly #parts: EngineParts;
  readonly #bus: Bus;
  #isStopped = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.store = parts.store;
    this.#bus = parts.bus;
    this.config = parts.config;
    this.log = parts.log;
    this.observe = parts.observe;
    this.now = parts.now ?? Date.now;
    this.watches = new Watches(parts.config.silenceMs, this.now, (watch) =>
      this.#inBackground(this.#onDue(watch), watch),
    );
    parts.bus.onSubscribe(() => this.#onSubscribe());
  }

  /** Takes up everything that is open: what was fired before the restart is fired again at once. */
  async start(): Promise<void> {
    const open = await this.store.listOpenProcesses();
    await Promise.all(open.map(({ machineId }) => this.change(machineId, (draft) => this.#takeUp(draft))));
  }

  #takeUp(draft: Draft): void {
    const { current } = draft;
    const step = draft.activeStep;
    if (!current || !step || current.waitingFor === "resolve") return;
    if (current.state === "cancelling") {
      return draft.follow({ kind: "cancel", process: current, eventId: step.eventId });
    }
    draft.changeProcess(current, { failures: 0 });
    fire(draft, this.config);
  }

  stop(): void {
    this.#isStopped = true;
    this.watches.stop();
  }

  /** Decides, writes, and then does what follows. */
  async change(machineId: string, decide: (draft: Draft) => void): Promise<Outcome> {
    const outcome = await this.store.decide(machineId, (snapshot) => {
      const draft = new Draft(snapshot);
      decide(draft);
      return draft.decision();
    });
    this.follow(outcome);
    return outcome;
  }

  follow(outcome: Outcome): void {
    const { machine, process } = outcome;
    if (outcome.hasChanged) this.publishChange(machine, process);
    if (!process || process.state === "waiting" || process.state === "queued") this.watches.clear(machine.id);
    else if (process.state === "running") this.watches.postpone(process);
    for (const effect of outcome.effects) this.#perform(machine, process, effect);
  }

  publishChange(machine: Machine, process: Process | null): void {
    // Made only when somebody listens, and from values that nobody changes any more.
    const data = { toJSON: () => ({ machine: this.#parts.viewMachine(machine, process) }) };
    this.publish("resource.change", machine.id, data);
  }

  publish(name: string, machineId: string, data: unknown): void {
    const notice: Notice = {
      id: newNoticeId(),
      name,
      resourceType: "machine",
      resourceId: machineId,
      time: this.now(),
      data,
    };
    this.#bus.publish(notice);
  }

  async saveHost(machineId: string, host: Host, history?: NewHistoryEntry): Promise<Machine> {
    const machine = await this.store.saveHost(machineId, host, history);
    const [process] = await this.store.listCurrentProcesses([machineId]);
    this.publishChange(machine, process ?? null);
    return machine;
  }

  #perform(machine: Machine, process: Process | null, effect: Effect): void {
    if (effect.kind === "leave") return this.publish("host.leave", machine.id, {});
    if (effect.kind === "fire") return this.#inBackground(this.#fire(machine, effect), effect.process);
    const { eventId } = effect;
    // Its name lets the bus tell a handler's key whether this concerns it.
    const handler = effect.process.steps.find((step) => step.eventId === eventId)?.handler ?? "";
    // Whoever listens on the bus is given time to end; a URL's run is the forwarder's to end, and to prove ended.
    if (process?.state === "cancelling") {
      const now = this.now();
      this.watches.set({
        machineId: machine.id,
        processId: effect.process.id,
        eventId,
        handler,
        unheardName: null,
        secrets: secretValues(machine),
        dueAt: now + this.config.silenceMs,
        nextFireAt: null,
        latestAt: (effect.process.cancelledAt ?? now) + this.config.cancelMaxMs,
        kind: "cancel",
      });
    }
    this.publish("process.cancel", machine.id, {
      eventId,
      machineId: machine.id,
      processId: effect.process.id,
      handler,
    });
  }

  async #fire(machine: Machine, fire: Extract<Effect, { kind: "fire" }>): Promise<void> {
    const { process, step, hasUrl, silentAt } = fire;
    if (this.#isStopped) return;
    const name = eventName(process, step, hasUrl);
    const watch = this.watches.set({
      machineId: machine.id,
      processId: process.id,
      eventId: step.eventId,
      handler: step.handler,
      unheardName: this.#bus.isHeard(name, machine.id) ? null : name,
      secrets: secretValues(machine),
      dueAt: silentAt,
      nextFireAt: process.nextFireAt,
      latestAt: Number.POSITIVE_INFINITY,
      kind: "silence",
    });
    // Before the archive is read: a run that ends in between is then known to have left a newer one.
    const now = this.now();
    const [archive, agent] = await Promise.all([
      machine.hasArchive ? this.store.getArchive(machine.id) : null,
      process.name === "bootstrap" ? this.#parts.prepareAgent(machine) : null,
    ]);
    // Cancelled, answered or fired anew by now: a subscriber that heard this after its cancel would begin all the same.
    if (this.#isStopped || this.watches.get(machine.id) !== watch) return;
    this.observe?.fired(process, step.attempt);
    this.#bus.publish(buildEvent({ machine, archive, agent, process, step, hasUrl }, now, this.config));
  }

  /** Nobody showed a sign of life, or the time for another try has come. */
  async #onDue(watch: Watch): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#goOn(watch);
    } catch (error) {
      this.watches.retry(watch);
      throw error;
    }
  }

  async #goOn(watch: Watch): Promise<void> {
    const { machineId, eventId, processId, kind, unheardName } = watch;
    await this.change(machineId, (draft) => {
      const { current } = draft;
      const step = draft.activeStep;
      if (current?.id !== processId || step?.eventId !== eventId) return;
      if (current.state === "cancelling") {
        // A run at a URL is over when the forwarder says so, and not because it is silent.
        if (draft.run && draft.run.address !== busAddress) return;
        const end = { isClean: false, hasBegun: true, reason: "no final reply after the cancel" };
        return endRun(draft, { eventId, machineId }, step.run, end, this.config);
      }
      if (current.state !== "running") return;
      if (kind === "silence") {
        const seconds = Math.round(this.config.silenceMs / 1000);
        const error = unheardName
          ? { code: "handler.absent", message: `nobody listens for ${unheardName}` }
          : { code: "handler.silent", message: `no sign of life from ${step.handler} for ${seconds} s` };
        draft.note("unanswered", error.message);
        fireLater(draft, current, error, this.config, { isCounted: true });
      }
      fire(draft, this.config);
    });
  }

  /** Somebody came: was an event waiting for it? */
  #onSubscribe(): void {
    for (const watch of [...this.watches.all()]) {
      if (!watch.unheardName || !this.#bus.isHeard(watch.unheardName, watch.machineId)) continue;
      watch.unheardName = null;
      watch.kind = "appointment";
      this.#inBackground(this.#onDue(watch), watch);
    }
  }

  /** What goes wrong here is tried again by the clock or by the next start: it must be seen, and must stop nothing. */
  #inBackground(work: Promise<unknown>, about: { id?: string; processId?: string }): void {
    work.catch((error: unknown) => {
      if (!this.#isStopped)
        this.log.error({ err: error, processId: about.processId ?? about.id }, "process step failed");
    });
  }
}
