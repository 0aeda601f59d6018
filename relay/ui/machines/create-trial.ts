// The one-click machine: a simulated one, under the first of try-1, try-2 … that is free.
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { createMachine } from "../client/machines.ts";
import { newId } from "../parts/new-id.ts";

/** Somebody else may be trying things out at the same time. */
const namesMax = 20;

/** @throws ApiError */
export async function createTrial(): Promise<MachineView> {
  for (let number = 1; ; number += 1) {
    const machine = { name: `try-${number}`, driver: "simulated", driverConfig: {}, engine: {}, labels: {} };
    try {
      return await createMachine(machine, newId());
    } catch (error) {
      const isTaken = error instanceof ApiError && error.code === "machine.nameTaken";
      if (!isTaken || number === namesMax) throw error;
    }
  }
}
