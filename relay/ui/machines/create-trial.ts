// The one-click machine: a simulated one, under the next free name.
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { createMachine } from "../client/machines.ts";
import { newId } from "../parts/new-id.ts";
import { nextTrialName } from "./trial-name.ts";

/** Somebody else may be trying things out at the same time. */
const namesMax = 20;

/** @throws ApiError */
export async function createTrial(takenNames: readonly string[]): Promise<MachineView> {
  const taken = new Set(takenNames);
  for (;;) {
    const name = nextTrialName(taken);
    try {
      return await createMachine({ name, driver: "simulated", driverConfig: {}, engine: {}, labels: {} }, newId());
    } catch (error) {
      const isTaken = error instanceof ApiError && error.code === "machine.nameTaken";
      if (!isTaken || taken.size - takenNames.length >= namesMax) throw error;
      taken.add(name);
    }
  }
}
