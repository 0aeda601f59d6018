// Asks for several machines, a few at a time; each has a key of its own, so that asking again makes none twice.
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import type { NewMachine } from "../client/machines.ts";
import { newId } from "../parts/new-id.ts";
import { runEach } from "../parts/run-each.ts";

export type Outcome =
  | { state: "waiting" }
  | { state: "made"; machine: MachineView }
  | { state: "failed"; error: unknown };

/** Nobody knows whether it was made: the answer was lost, or the relay itself did not know. */
export function isUndecided(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}

/** The same request has the same key for as long as this is kept: an answer that was lost may have made the machine. */
export function createKeys(): (machine: NewMachine) => string {
  const keys = new Map<string, string>();
  return (machine) => {
    const request = JSON.stringify(machine);
    const key = keys.get(request) ?? newId();
    keys.set(request, key);
    return key;
  };
}

/** Resolves when each has its outcome; `tell` hears of every one as it comes. */
export async function createAll(
  machines: readonly NewMachine[],
  create: (machine: NewMachine) => Promise<MachineView>,
  tell: (name: string, outcome: Outcome) => void,
): Promise<void> {
  await runEach(machines, async (machine) => {
    tell(machine.name, { state: "waiting" });
    const outcome = await create(machine).then(
      (made): Outcome => ({ state: "made", machine: made }),
      (error: unknown): Outcome => ({ state: "failed", error }),
    );
    tell(machine.name, outcome);
  });
}
