import type { MachineView } from "../../../api/machine-view.ts";

export function MachineHistory(_: { machine: MachineView }) {
  return null;
}
