// Says what a deletion destroys, and asks for it. Force is a second step, which says what may be left behind.
import "./delete-dialog.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { deleteMachine, fireProcess } from "../client/machines.ts";
import { situationOf } from "../machine/situation.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { formatRelative } from "../parts/duration.ts";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { Text } from "../parts/text.tsx";
import { now } from "../state/clock.ts";
import { machineById } from "../state/machines.ts";
import {
  describeDestruction,
  describeRemains,
  describeShortly,
  fateOf,
  isTyped,
  leavesRemains,
  whereToLook,
  wordsToType,
} from "./delete-words.ts";
import { FailedList } from "./failed-list.tsx";
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
          {(control) => (
            <input
              {...control}
              value={typed}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              // The dialog opens for this
              autofocus
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          )}
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
          {isUnderWay ? "Close" : "Cancel"}
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

/** Deleting a joined host asks no provider, so there is nothing to force. */
function isForceable(machine: MachineView): boolean {
  return machine.state !== "deleted" && fateOf(machine) !== "joined";
}

function Destruction({ machines }: { machines: readonly MachineView[] }) {
  const [machine] = machines;
  if (machines.length > 1 || !machine) return <MachineList machines={machines} describe={describeNow} />;
  return (
    <>
      {machine.state === "deleting" && <UnderWay machine={machine} />}
      <p>
        <Text>{describeDestruction(machine)}</Text> {machine.simulated && <SimulatedMark />}
      </p>
      {isBeingMade(machine) && <p>It is still being made: that is stopped first.</p>}
      {fateOf(machine) === "vm" && <Places machine={machine} />}
    </>
  );
}

function isBeingMade({ process }: MachineView): boolean {
  return process !== null && process.name !== "delete";
}

/** It was asked for before. What keeps it from ending, and how to go on. */
function UnderWay({ machine }: { machine: MachineView }) {
  const [problem, setProblem] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const situation = situationOf(machine);
  if (situation.kind !== "failing") return <p>It is being deleted already.</p>;
  const { error, process } = situation;
  async function tryNow(): Promise<void> {
    setAsking(true);
    setProblem(
      await fireProcess(process.id)
        .then(() => null)
        .catch((reason: unknown) => reason),
    );
    setAsking(false);
  }
  return (
    <>
      <Notice kind="warning">
        It is being deleted, and that keeps failing: <Text>{error.message}</Text>
        <div class="delete-next">
          {process.nextFireAt === null
            ? `Attempt ${process.attempt} is under way.`
            : `Attempt ${process.attempt}. The next one ${formatRelative(process.nextFireAt, now.value)}.`}
          <button type="button" disabled={isAsking || process.nextFireAt === null} onClick={() => void tryNow()}>
            Try now
          </button>
        </div>
      </Notice>
      {problem !== null && <Problem error={problem} />}
    </>
  );
}

function describeNow(machine: MachineView): string {
  if (machine.state === "deleted") return "deleted already";
  if (machine.state === "deleting") return "being deleted already";
  return describeShortly(machine);
}

interface MachineListProps {
  machines: readonly MachineView[];
  describe(machine: MachineView): string;
}

function MachineList({ machines, describe }: MachineListProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
    <ul class="delete-list" tabIndex={0} aria-label="What is deleted">
      {machines.map((machine) => (
        <li key={machine.id}>
          <strong>
            <Text>{machine.name}</Text>
          </strong>{" "}
          {machine.simulated && <SimulatedMark />}
          <div class="soft">
            <Text>{[machine.driver, machine.ipAddress].filter(Boolean).join(" · ")}</Text>: {describe(machine)}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Remains({ machines }: { machines: readonly MachineView[] }) {
  const rest = machines.filter(leavesRemains);
  return (
    <>
      <p>
        {machines.length === 1 ? "It is" : "They are"} forgotten at once, whatever is left. The provider is not asked,
        and nobody here will try again.
      </p>
      <div class="delete-remains">
        {machines.map((machine) => (
          <section key={machine.id}>
            {machines.length > 1 && (
              <h3>
                <Text>{machine.name}</Text> {machine.simulated && <SimulatedMark />}
              </h3>
            )}
            <p>{describeRemains(machine)}</p>
            {leavesRemains(machine) && <Places machine={machine} />}
          </section>
        ))}
      </div>
      {rest.length > 0 && (
        <p>
          Look there yourself:{" "}
          <CopyButton text={() => rest.map(placesAsText).join("\n\n")} label="Copy where to look" />
        </p>
      )}
    </>
  );
}

function Places({ machine }: { machine: MachineView }) {
  return (
    <dl class="delete-places">
      {whereToLook(machine).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="code">
            <Text>{value}</Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function placesAsText(machine: MachineView): string {
  return [["Machine", machine.name], ...whereToLook(machine)].map(([name, value]) => `${name}: ${value}`).join("\n");
}

function Forgotten({ machines, onClose }: { machines: readonly MachineView[]; onClose(): void }) {
  const words = machines.map((machine) => `${machine.name}: ${machine.error?.message ?? "forgotten"}`);
  return (
    <Dialog title={machines.length === 1 ? "Forgotten" : `${machines.length} forgotten`} onClose={onClose}>
      <div class="delete-remains">
        {words.map((text) => (
          <p key={text}>
            <Text>{text}</Text>
          </p>
        ))}
      </div>
      <div class="actions">
        <button type="button" class="main" onClick={onClose}>
          Close
        </button>
        <CopyButton text={words.join("\n")} />
      </div>
    </Dialog>
  );
}
