import type { MachineView } from "../../../api/machine-view.ts";

export function Agent(_: { machine: MachineView }) {
  return null;
}
