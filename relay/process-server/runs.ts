// What may be said about runs: they begin, checkpoint, end, stay unanswered. Pure: changes a draft.
// Only the current run of the current handler counts; everything else is refused, and its archive kept aside.

import { RelayError } from "../errors.ts";
import type { EventRef, RunEnd } from "../event-bus/answers.ts";
import { maskUrl } from "../masked-url.ts";
import type { Process, Run, Step } from "../store/types.ts";
import { closeRun, unsettle } from "./close-run.ts";
import type { ProcessServerConfig } from "./config.ts";
import type { Draft } from "./draft.ts";
import { endProcess, fireLater } from "./steps.ts";

export interface Place {
  url: string;
  address: string;
  leaseMs: number | null;
  deadlineAt: number | null;
}

export type Current = { process: Process; step: Step };

/**
 * The process and step that wait for this event, or null with the draft's refusal set.
 * @throws RelayError `event.unknown` when none of the machine's newest processes has such an event
 */
export function findCurrent(draft: Draft, eventId: string, run: number | undefined): Current | null {
  const process = draft.current;
  const step = draft.activeStep;
  if (process && step?.eventId === eventId) {
    if (run === undefined || run === step.run) return { process, step };
    draft.refusal = {
      code: "event.otherRun",
      message: `only run ${step.run} of ${eventId} may answer now, this came from run ${run}`,
    };
    return null;
  }
  const isKnown = [...draft.open, ...(draft.last ? [draft.last] : [])].some((known) =>
    known.steps.some((other) => other.eventId === eventId),
  );
  if (!isKnown) {
    throw new RelayError("event.unknown", {
      message: `machine ${draft.machine.id} waits for no event ${eventId}`,
      field: "previousIds",
      expected: step ? `the id of its current event, ${step.eventId}` : "nothing: no process is open",
      got: eventId,
    });
  }
  draft.refusal = eventOver(eventId);
  return null;
}

export function eventOver(eventId: string): NonNullable<Draft["refusal"]> {
  return { code: "event.over", message: `${eventId} was answered, cancelled or replaced before` };
}

/** @throws RelayError `event.over` */
export function beginRun(draft: Draft, { eventId }: EventRef, place: Place): Run {
  const process = draft.current;
  const step = draft.activeStep;
  if (process?.state !== "running" || step?.eventId !== eventId) {
    throw new RelayError("event.over", { message: `${eventId} is not to be worked on any more` });
  }
  if (draft.hasLiveRun) {
    throw new RelayError("event.over", { message: `run ${draft.run?.run} of ${eventId} may still live` });
  }
  const { step: changed } = draft.changeStep(process, step, { run: step.run + 1 });
  const run: Run = {
    eventId,
    run: changed.run,
    ...place,
    startedAt: draft.now,
    endedAt: null,
    isClean: null,
    endReason: null,
  };
  draft.putRun(run);
  draft.note("run", `run ${run.run} at ${maskUrl(place.url)} (${place.address})`);
  return run;
}

/** Somebody works on the event: how soon it would be fired if nobody did is nobody's next attempt. */
export function noteWork(draft: Draft, { process }: Current): void {
  if (process.state === "running" && process.nextFireAt !== null) draft.changeProcess(process, { nextFireAt: null });
}

/** A checkpoint from the current run replaces the archive; from any other it is kept aside. */
export function takeCheckpoint(draft: Draft, { eventId }: EventRef, run: number, archive: string): void {
  const current = findCurrent(draft, eventId, run);
  if (current) {
    noteWork(draft, current);
    draft.setArchive(archive);
    draft.note("checkpoint", `archive saved, ${Math.ceil((archive.length * 3) / 4 / 1024)} KB`);
  } else draft.setStray(archive, eventId, draft.refusal?.message ?? "unexpected checkpoint");
}

/** The run is over without a reply. */
export function endRun(
  draft: Draft,
  { eventId }: EventRef,
  number: number,
  end: RunEnd,
  config: ProcessServerConfig,
): void {
  const current = findCurrent(draft, eventId, number);
  if (!current || !draft.run) {
    if (end.archive !== undefined) draft.setStray(end.archive, eventId, end.reason);
    return;
  }
  if (end.archive !== undefined) draft.setArchive(end.archive);
  closeRun(draft, draft.run, end);
  // A create that was killed may have asked for a VM whose birth nobody has seen yet.
  if (current.process.name === "create" && end.hasBegun) unsettle(draft);
  if (current.process.state === "cancelling") endProcess(draft, current.process, "cancelled", null, config);
}

/** The cancel is through, and nothing of the event lives or will begin. */
export function confirmCancel(draft: Draft, { eventId }: EventRef, config: ProcessServerConfig): void {
  const { current } = draft;
  if (current?.state !== "cancelling" || draft.activeStep?.eventId !== eventId) return;
  if (draft.run && draft.run.endedAt === null) closeRun(draft, draft.run, { isClean: true, reason: "cancelled" });
  endProcess(draft, current, "cancelled", null, config);
}

/** Nobody answered this attempt. */
export function takeUnanswered(
  draft: Draft,
  { eventId }: EventRef,
  why: { code: string; message: string; retryAfterMs?: number; isCounted: boolean },
  config: ProcessServerConfig,
): void {
  const current = findCurrent(draft, eventId, undefined);
  if (current?.process.state !== "running") return;
  draft.note("unanswered", why.message);
  fireLater(draft, current.process, { code: why.code, message: why.message }, config, why);
}
