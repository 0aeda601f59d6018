// Says what a deletion destroys, and asks for it. Force is a second step, which says what may be left behind.
import "./delete-dialog.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { deleteMachine } from "../client/machines.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { machineById } from "../state/machines.ts";
import { isForceable, isTyped, leavesRemains, wordsToType } from "./delete-words.ts";
import { Destruction } from "./destruction.tsx";
import { FailedList } from "./failed-list.tsx";
import { Forgotten, Remains } from "./remains.tsx";
import { keepAnswer, useRequests } from "./use-requests.ts";

export interface DeleteDialogProps {
  machines: readonly MachineView[];
  onClose(): void;
}

export function DeleteDialog({ machines: chosen, onClose }: DeleteDialogProps) {
  const [step, setStep] = useState<"delete" | "force" | "forgotten">("delete");
  // What the API said is left of real ones: shown once, because nobody knows it afterwards.
  const forgotten = useRef<MachineView[]>([]);
  // Those that are still to be deleted: after a run, the ones that failed.
  const [rest, setRest] = useState(chosen);
  const { requests, run, forget } = useRequests();
  // As they are now, and not as they were when the dialog opened.
  const machines = rest.map((machine) => machineById(machine.id) ?? machine);
  const isForced = step === "force";

  async function submit(): Promise<void> {
    const failed = await run(machines, async (machine) => {
      const answer = await keepAnswer((id) => deleteMachine(id, { force: isForced }))(machine);
      if (isForced && leavesRemains(answer)) forgotten.current.push(answer);
    });
    if (failed.length > 0) setRest(failed.map(({ machine }) => machine));
    else if (forgotten.current.length > 0) setStep("forgotten");
    else onClose();
  }

  if (step === "forgotten") return <Forgotten machines={forgotten.current} onClose={onClose} />;
  return (
    <Dialog title={titleOf(machines, isForced)} onClose={onClose}>
      <Ask
        // What was typed for one step, or for more machines, must not do for another.
        key={`${step} ${machines.length}`}
        machines={machines}
        isForced={isForced}
        progress={requests.busy.size > 0 ? `${requests.ended} of ${requests.total}` : null}
        onSubmit={submit}
        onForce={() => {
          forget();
          setStep("force");
        }}
        onClose={onClose}
      >
        {isForced ? <Remains machines={machines} /> : <Destruction machines={machines} />}
        <FailedList failed={requests.failed} />
      </Ask>
    </Dialog>
  );
}

function titleOf(machines: readonly MachineView[], isForced: boolean): string {
  const what = machines.length === 1 ? machines[0]!.name : `${machines.length} machines`;
  return isForced ? `Forget ${what} without asking the provider?` : `Delete ${what}?`;
}

interface AskProps {
  machines: readonly MachineView[];
  isForced: boolean;
  /** Null: no request runs. */
  progress: string | null;
  onSubmit(): void;
  onForce(): void;
  onClose(): void;
  children: ComponentChildren;
}

function Ask({ machines, isForced, progress, onSubmit, onForce, onClose, children }: AskProps) {
  const [typed, setTyped] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // In the second step the dialog is open already, and `autofocus` means nothing.
    form.current?.querySelector<HTMLElement>("[autofocus]")?.focus();
  }, []);
  const wanted = wordsToType(machines, isForced ? "force" : "delete");
  const isReady = progress === null && isTyped(typed, wanted);
  const isUnderWay = !isForced && machines.every(({ state }) => state === "deleting" || state === "deleted");
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSubmit();
      }}
    >
      {children}
      {wanted !== null && !isUnderWay && (
        <Field
          label={
            <>
              Type <code class="delete-wanted">{wanted}</code> to confirm
            </>
          }
        >
          {(control) => <PlainInput {...control} value={typed} onText={setTyped} autofocus />}
        </Field>
      )}
      <div class="actions">
        {!isUnderWay && (
          <button
            type="submit"
            class="danger main"
            disabled={!isReady}
            // The dialog opens for this, where nothing has to be typed
            autofocus={wanted === null}
          >
            {progress === null ? labelOf(machines, isForced) : `${isForced ? "Forgetting" : "Deleting"}… ${progress}`}
          </button>
        )}
        <button type="button" onClick={onClose}>
          {isUnderWay || progress !== null ? "Close" : "Cancel"}
        </button>
        {!isForced && machines.some(isForceable) && (
          <button type="button" class="quiet delete-force" disabled={progress !== null} onClick={onForce}>
            Force…
          </button>
        )}
      </div>
    </form>
  );
}

function labelOf(machines: readonly MachineView[], isForced: boolean): string {
  const what = machines.length === 1 ? "" : ` ${machines.length} machines`;
  return isForced ? `Forget${what || " it"}` : `Delete${what}`;
}
