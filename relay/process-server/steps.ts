// How a process goes forward: it starts, fires the event of its first unanswered handler, goes to the next, ends.
// Pure: changes a draft.
import type { Failure, Process, ProcessName, Step } from "../store/types.ts";
import { waitMs } from "./backoff.ts";
import { busAddress, closeRun } from "./close-run.ts";
import type { ProcessServerConfig } from "./config.ts";
import type { Draft } from "./draft.ts";
import { newEventId, newProcessId } from "./ids.ts";
import { lifecycles, ownHandlerOrder } from "./lifecycles.ts";

/** Opens a process behind those that are open; it starts at once if it is the only one. */
export function openProcess(draft: Draft, name: ProcessName, config: ProcessServerConfig): void {
  const id = newProcessId();
  draft.changeProcess(
    {
      id,
      resourceType: "machine",
      resourceId: draft.machine.id,
      name,
      state: "queued",
      outcome: null,
      waitingFor: null,
      steps: handlerNames(draft, name).map((handler, position) => newStep(id, handler, position)),
      attempt: 0,
      nextFireAt: null,
      failures: 0,
      error: null,
      cancelledAt: null,
      createdAt: draft.now,
      startedAt: null,
      endedAt: null,
    },
    {},
  );
  const { while: state } = lifecycles[name];
  if (draft.machine.state !== state) draft.changeMachine({ state });
  if (draft.current?.id === id) startProcess(draft, config);
}

/** The names are kept: a row that is removed and returns under its name takes over. */
function handlerNames(draft: Draft, name: ProcessName): string[] {
  const handlers = draft.handlers
    .filter((handler) => handler.event === lifecycles[name].event)
    .map(({ name, order }) => ({ name, order }));
  // Without its own handler a machine would pass as created that nobody made: it waits for the row instead.
  if (!handlers.some((handler) => handler.name === name)) handlers.push({ name, order: ownHandlerOrder });
  return handlers.sort((a, b) => a.order - b.order || a.name.localeCompare(b.name)).map((handler) => handler.name);
}

function newStep(processId: string, handler: string, position: number): Step {
  return {
    eventId: newEventId(),
    processId,
    position,
    handler,
    state: "pending",
    attempt: 0,
    run: 0,
    startedAt: null,
    endedAt: null,
  };
}

/** Starts the process that has become the current one. */
function startProcess(draft: Draft, config: ProcessServerConfig): void {
  const queued = draft.current;
  if (!queued) return;
  draft.leaveRuns();
  draft.changeMachine({ state: lifecycles[queued.name].while, error: null, progress: null });
  const process = draft.changeProcess(queued, { state: "running", startedAt: draft.now });
  draft.note("state", `${process.name} began: ${draft.machine.state}`, { eventId: null, attempt: null, run: null });
  activateNext(draft, process, config);
}

/** Goes to the first handler that has not replied, or ends the process where all have. */
export function activateNext(draft: Draft, process: Process, config: ProcessServerConfig): void {
  const next = process.steps.find((step) => step.state === "pending");
  if (!next) return endProcess(draft, process, "done", null, config);
  draft.leaveRuns();
  draft.changeStep(process, next, { state: "active", startedAt: draft.now });
  fire(draft, config);
}

/**
 * Fires the event of the current process's active step, or says why it has to wait. The firing is on disk with the
 * decision; the event goes out after the commit.
 */
export function fire(draft: Draft, config: ProcessServerConfig): void {
  const process = draft.current;
  const step = draft.activeStep;
  if (!process || !step || process.state === "cancelling") return;
  const handler = draft.handlers.find(
    ({ name, event }) => name === step.handler && event === lifecycles[process.name].event,
  );
  // Nobody can ask a subscriber whether it still works: silent, and removed or replaced by a URL, its run is over.
  if (draft.run?.address === busAddress && process.failures > 0 && handler?.url !== null) {
    closeRun(draft, draft.run, { isClean: false, reason: "silent, and no longer the handler" });
  }
  // A live run of a handler that was removed is finished first: its run knows its own address.
  if (!handler && !draft.hasLiveRun) {
    if (isSkippable(process, step)) return skip(draft, process, step, config);
    return waitFor(draft, process, "handler", {
      code: "handler.missing",
      message: `waits for the handler "${step.handler}", which is not there: PUT /v1/handlers/${step.handler}`,
    });
  }
  // A run ends where it began, whatever the row says now.
  const hasUrl = draft.hasLiveRun || !handler ? draft.run?.address !== busAddress : handler.url !== null;
  // What it waited for has come.
  if (process.state === "waiting") draft.changeMachine({ progress: null });
  const attempt = step.attempt + 1;
  const needsBusRun = !hasUrl && !draft.hasLiveRun;
  const changed = draft.changeStep(process, step, { attempt, run: needsBusRun ? step.run + 1 : step.run });
  const silentAt = draft.now + Math.max(config.silenceMs, waitMs(process.failures, config.refireWaitMaxMs));
  const fired = draft.changeProcess(changed.process, {
    state: "running",
    waitingFor: null,
    attempt: process.attempt + 1,
    // Whoever is called is at work until it is known not to be; whether anybody listens on the bus is yet to be seen.
    nextFireAt: hasUrl ? null : silentAt,
  });
  // A subscriber on the bus has one run for each event: every firing after the first is only an attempt.
  if (needsBusRun) {
    draft.putRun({
      eventId: step.eventId,
      run: changed.step.run,
      url: busAddress,
      address: busAddress,
      leaseMs: null,
      deadlineAt: null,
      startedAt: draft.now,
      endedAt: null,
      isClean: null,
      endReason: null,
    });
  }
  draft.note("fired", `${lifecycles[process.name].event} to ${step.handler}, attempt ${attempt}`);
  draft.follow({ kind: "fire", process: fired, step: changed.step, hasUrl, silentAt });
}

/** A handler that was added by somebody may go; ours, and a process's only one, may not be passed over. */
function isSkippable(process: Process, step: Step): boolean {
  return step.handler !== process.name && process.steps.some((other) => other.handler === process.name);
}

function skip(draft: Draft, process: Process, step: Step, config: ProcessServerConfig): void {
  draft.note("skipped", `the handler "${step.handler}" was removed`);
  const { process: changed } = draft.changeStep(process, step, { state: "skipped", endedAt: draft.now });
  activateNext(draft, changed, config);
}

/** Not up to the clock any more: a person, or a handler that appears, has to come first. */
export function waitFor(draft: Draft, process: Process, what: "handler" | "resolve", error: Failure): void {
  if (process.waitingFor !== what || process.error?.message !== error.message) draft.note("waiting", error.message);
  draft.changeProcess(process, { state: "waiting", waitingFor: what, nextFireAt: null, error });
  // Seen where one looks first, on the machine: it is not at work, it waits.
  draft.changeMachine({ progress: { message: error.message, percent: null, stage: "waiting" } });
}

/** This attempt failed: the next one comes after a growing wait, or after the one that was asked for. */
export function fireLater(
  draft: Draft,
  process: Process,
  error: Failure,
  config: ProcessServerConfig,
  asked: { retryAfterMs?: number; isCounted: boolean },
): void {
  const failures = process.failures + (asked.isCounted ? 1 : 0);
  const wait = asked.retryAfterMs ?? waitMs(Math.max(failures, 1), config.refireWaitMaxMs);
  draft.changeProcess(process, { failures, error, nextFireAt: draft.now + wait });
}

/** Ends a process, with everything that follows in the same commit. */
export function endProcess(
  draft: Draft,
  process: Process,
  outcome: "done" | "error" | "cancelled",
  error: Failure | null,
  config: ProcessServerConfig,
): void {
  const lifecycle = lifecycles[process.name];
  draft.changeProcess(process, { state: "ended", outcome, error, nextFireAt: null, endedAt: draft.now });
  draft.leaveRuns();
  const about = { processId: process.id, eventId: null, attempt: null, run: null };
  if (outcome === "cancelled") {
    draft.note("cancel", `${process.name} is over: cancelled`, about);
    startProcess(draft, config);
    return;
  }
  const state = outcome === "done" ? lifecycle.whenDone : "error";
  draft.changeMachine({ state, error, progress: null });
  draft.note(
    "state",
    outcome === "done" ? `${process.name} done: ${state}` : `${process.name} failed: ${error?.message}`,
    about,
  );
  if (state === "deleted") return buryMachine(draft);
  if (outcome === "done" && lifecycle.next) openProcess(draft, lifecycle.next, config);
}

/** A deleted machine keeps its history and nothing that could open or cost anything. */
export function buryMachine(draft: Draft): void {
  draft.changeMachine({ state: "deleted", deletedAt: draft.now, unsettledSince: null, resolved: null, progress: null });
  draft.forgetSecrets();
  draft.follow({ kind: "leave" });
}
