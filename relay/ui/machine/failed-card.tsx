// Create or bootstrap failed: why, what it means, and how to go on.
import { useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { retryMachine } from "../client/machines.ts";
import { DeleteDialog } from "../machines/delete-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { useRequest } from "../parts/use-request.ts";
import { putMachine } from "../state/machines.ts";
import { OptionsDialog } from "./options-dialog.tsx";
import type { Failure } from "./situation.ts";
import { nameProcess } from "./stage-words.ts";
import { FailureWords } from "./words.tsx";

export interface FailedCardProps {
  machine: MachineView;
  error: Failure;
  /** Null: not known yet. */
  process: string | null;
}

export function FailedCard({ machine, error, process }: FailedCardProps) {
  const [open, setOpen] = useState<"options" | "delete" | null>(null);
  const request = useRequest();
  const close = () => setOpen(null);
  const retry = error.meaning?.retry ?? "yes";
  return (
    <section class="panel machine-card machine-card-error" aria-labelledby="machine-matter">
      <h2 id="machine-matter">
        <Icon name="error" /> {process === null ? "It" : nameProcess(process)} failed
      </h2>
      <FailureWords error={error} />
      {request.error !== undefined && <Problem error={request.error} />}
      <div class="actions">
        <button
          type="button"
          class={retry === "yes" || retry === "later" ? "main" : ""}
          disabled={request.isBusy}
          onClick={() => void request.send(async () => putMachine(await retryMachine(machine.id)))}
        >
          Retry
        </button>
        <button type="button" class={retry === "changed" ? "main" : ""} onClick={() => setOpen("options")}>
          Change options and retry…
        </button>
        <button type="button" class="danger" onClick={() => setOpen("delete")}>
          Delete…
        </button>
      </div>
      {open === "options" && <OptionsDialog machine={machine} onClose={close} />}
      {open === "delete" && <DeleteDialog machines={[machine]} onClose={close} />}
    </section>
  );
}
