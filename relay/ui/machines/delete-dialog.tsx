// Says what a deletion destroys, and asks for it.
import type { MachineView } from "../../api/machine-view.ts";

export interface DeleteDialogProps {
  machines: readonly MachineView[];
  onClose(): void;
}

export function DeleteDialog(_: DeleteDialogProps) {
  return null;
}
