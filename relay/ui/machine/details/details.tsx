import type { MachineView } from "../../../api/machine-view.ts";

export function Details(_: { machine: MachineView }) {
  return null;
}
