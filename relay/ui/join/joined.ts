// Which hosts have joined since a line was made. Pure.
import type { MachineView } from "../../api/machine-view.ts";

/** The driver of a machine that nobody created here. */
const joinedDriver = "joined";

/** Newest first. `madeAt`: when the line was made, by the relay's clock. */
export function listJoined(machines: readonly MachineView[], madeAt: number): MachineView[] {
  return machines
    .filter(({ driver, createdAt, state }) => driver === joinedDriver && createdAt >= madeAt && state !== "deleted")
    .sort((one, other) => other.createdAt - one.createdAt);
}
