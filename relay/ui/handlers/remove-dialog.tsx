// Says what follows when a handler is removed, and removes it.
import type { HandlerView } from "../../api/handler-view.ts";
import { deleteHandler } from "../client/handlers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { useRequest } from "../parts/use-request.ts";
import { describeRemoval } from "./chains.ts";

export interface RemoveDialogProps {
  handler: HandlerView;
  onClose(): void;
  onRemoved(): void;
}

export function RemoveDialog({ handler, onClose, onRemoved }: RemoveDialogProps) {
  const { isBusy, error, send } = useRequest();
  return (
    <Dialog title={`Remove the handler ${handler.name}`} onClose={onClose}>
      {describeRemoval(handler).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {handler.hasKey && <p>Its key opens nothing any more.</p>}
      {error !== undefined && <Problem error={error} />}
      <div class="actions">
        <button
          type="button"
          class="danger main"
          disabled={isBusy}
          onClick={() => void send(() => deleteHandler(handler.name).then(onRemoved))}
        >
          {isBusy ? "Removing…" : "Remove"}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
