// A run that is known to be over. Pure: changes a draft.
import type { Run } from "../store/types.ts";
import type { Draft } from "./draft.ts";

/** The address of a run that a subscriber on the bus has. */
export const busAddress = "bus";

export function closeRun(draft: Draft, run: Run, end: { isClean: boolean; reason: string }): void {
  if (run.endedAt !== null) return;
  draft.putRun({ ...run, endedAt: draft.now, isClean: end.isClean, endReason: end.reason });
  draft.leaveStage();
  draft.note("run", `run ${run.run} is over${end.isClean ? "" : ", unclean"}: ${end.reason}`, { run: run.run });
  if (!end.isClean) unsettle(draft);
}

/** A create has had its turn: what a person found before it says nothing about what it may have made since. */
export function outdateFinding(draft: Draft): void {
  if (draft.current?.name === "create" && draft.machine.resolved) draft.changeMachine({ resolved: null });
}

/** A call to the cloud may still be in flight: whoever works on this machine next has to look again. */
export function unsettle(draft: Draft): void {
  draft.changeMachine({ unsettledSince: draft.now });
  outdateFinding(draft);
}
