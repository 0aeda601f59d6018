import type { MachineView } from "../../../api/machine-view.ts";

export function Connect(_: { machine: MachineView }) {
  return null;
}
