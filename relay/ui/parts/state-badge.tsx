// A machine's state: colour, shape and word.
import type { MachineView } from "../../api/machine-view.ts";
import { Icon, type IconName } from "./icon.tsx";

export type MachineState = MachineView["state"];
type Tone = "good" | "busy" | "bad" | "ending" | "gone";

export const states: Readonly<Record<MachineState, { icon: IconName; tone: Tone; spins?: boolean }>> = {
  requested: { icon: "working", tone: "busy", spins: true },
  creating: { icon: "working", tone: "busy", spins: true },
  created: { icon: "working", tone: "busy", spins: true },
  bootstrapping: { icon: "working", tone: "busy", spins: true },
  active: { icon: "active", tone: "good" },
  error: { icon: "error", tone: "bad" },
  deleting: { icon: "deleting", tone: "ending" },
  deleted: { icon: "deleted", tone: "gone" },
};

export function StateBadge({ state, isWaiting = false }: { state: MachineState; isWaiting?: boolean }) {
  const { icon, tone, spins = false } = states[state];
  return (
    <span class={`state tone-${tone}`}>
      <Icon name={isWaiting ? "waiting" : icon} spins={spins && !isWaiting} />
      {state}
    </span>
  );
}
