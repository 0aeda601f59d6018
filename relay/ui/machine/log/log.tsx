import type { MachineView } from "../../../api/machine-view.ts";

export function MachineLog(_: { machine: MachineView }) {
  return null;
}
