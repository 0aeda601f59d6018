// Holds the rows still while somebody is about to click one: nothing may jump under the pointer.
import { useEffect, useRef, useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";

/** After the last move or key. Long enough to aim, short enough that whoever only reads sees what is new. */
const holdMs = 2_000;

interface Shown {
  place: string;
  ids: readonly string[];
}

/** `place`: what somebody asked to see; when that changes, the rows follow at once. `hold`: somebody moves over them. */
export function useHeldRows(
  rows: readonly MachineView[],
  byId: (id: string) => MachineView | undefined,
  place: string,
): [rows: readonly MachineView[], hold: () => void] {
  const [held, setHeld] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = useRef<Shown>({ place, ids: [] });
  useEffect(() => () => clearTimeout(timer.current), []);
  const current = held?.place === place ? held.ids.flatMap((id) => byId(id) ?? []) : rows;
  shown.current = { place, ids: current.map(({ id }) => id) };
  const hold = () => {
    setHeld((before) => (before?.place === place ? before : shown.current));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(null), holdMs);
  };
  return [current, hold];
}
