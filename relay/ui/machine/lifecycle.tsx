// The picture of a machine's life: its steps from left to right, the present one lit.
import type { MachineView } from "../../api/machine-view.ts";
import { formatDuration } from "../parts/duration.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { now } from "../state/clock.ts";
import { type LifecycleStep, lifecycleOf, type StepStatus } from "./lifecycle.ts";
import type { Records } from "./use-records.ts";

const icons: Readonly<Record<StepStatus, { icon: IconName | null; word: string }>> = {
  done: { icon: "active", word: "done" },
  now: { icon: "working", word: "under way" },
  waiting: { icon: "waiting", word: "waits" },
  failed: { icon: "error", word: "failed" },
  stopped: { icon: "deleted", word: "stopped" },
  "left out": { icon: null, word: "left out" },
  later: { icon: null, word: "not yet" },
};

export function Lifecycle({ machine, records }: { machine: MachineView; records: Records | null }) {
  const steps = lifecycleOf(machine, records?.processes ?? null, records?.timings ?? null);
  return (
    <ol class="machine-steps">
      {steps.map((step) => (
        <Step key={step.name} step={step} machine={machine} />
      ))}
    </ol>
  );
}

function Step({ step, machine }: { step: LifecycleStep; machine: MachineView }) {
  const { name, status, isPresent } = step;
  const { icon, word } = icons[status];
  return (
    <li
      class={`machine-step machine-step-${status.replace(" ", "-")}${isPresent ? " machine-step-present" : ""}`}
      {...(isPresent ? { "aria-current": "step" as const } : {})}
    >
      <span class="machine-step-sign">{icon && <Icon name={icon} spins={status === "now"} />}</span>
      <span class="machine-step-name">{name}</span>
      <span class="unseen">: {word}</span>
      <span class="machine-step-time">{timeOf(step, machine)}</span>
    </li>
  );
}

/** How long it took, takes, or usually takes. */
function timeOf({ name, status, isPresent, startedAt, tookMs, usualMs }: LifecycleStep, machine: MachineView): string {
  if (name === "active" || name === "joined") return "";
  if (tookMs !== null) return formatDuration(tookMs);
  if (isPresent && startedAt !== null && machine.state !== "error") return formatDuration(now.value - startedAt);
  return usualMs !== null && status === "later" ? `usually ${formatDuration(usualMs)}` : "";
}
