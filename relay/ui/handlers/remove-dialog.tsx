// Says what follows when a handler is removed, and removes it.
import { useState } from "preact/hooks";
import type { HandlerView } from "../../api/handler-view.ts";
import { deleteHandler } from "../client/handlers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { describeRemoval } from "./chains.ts";

export interface RemoveDialogProps {
  handler: HandlerView;
  onClose(): void;
  onRemoved(): void;
}

export function RemoveDialog({ handler, onClose, onRemoved }: RemoveDialogProps) {
  const [isRemoving, setRemoving] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  async function remove(): Promise<void> {
    setRemoving(true);
    setProblem(undefined);
    try {
      await deleteHandler(handler.name);
      onRemoved();
    } catch (failure) {
      setProblem(failure);
      setRemoving(false);
    }
  }

  return (
    <Dialog title={`Remove the handler ${handler.name}`} onClose={onClose}>
      {describeRemoval(handler).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {handler.hasKey && <p>Its key opens nothing any more.</p>}
      {problem !== undefined && <Problem error={problem} />}
      <div class="actions">
        <button type="button" class="danger main" disabled={isRemoving} onClick={() => void remove()}>
          {isRemoving ? "Removing…" : "Remove"}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
