// Holds the rows still while somebody is about to click one: nothing may jump under the pointer.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";

/** After the last move or key. Long enough to aim, short enough that whoever only reads sees what is new. */
const holdMs = 2_000;

/** `place`: what somebody asked to see. When that changes, the rows follow at once. */
export function useHeldRows(
  rows: readonly MachineView[],
  byId: (id: string) => MachineView | undefined,
  place: string,
): [rows: readonly MachineView[], list: RefObject<HTMLTableSectionElement | null>] {
  const list = useRef<HTMLTableSectionElement>(null);
  const held = useRef<{ place: string; ids: readonly string[] } | null>(null);
  const shown = useRef({ place, ids: [] as readonly string[] });
  const [, drawAgain] = useState({});
  const hasList = rows.length > 0;
  useEffect(() => {
    const element = list.current;
    if (!element || !hasList) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = () => {
      held.current ??= shown.current;
      clearTimeout(timer);
      timer = setTimeout(release, holdMs);
    };
    const release = () => {
      held.current = null;
      drawAgain({});
    };
    for (const name of moves) element.addEventListener(name, hold, { passive: true });
    return () => {
      clearTimeout(timer);
      held.current = null;
      for (const name of moves) element.removeEventListener(name, hold);
    };
  }, [hasList]);
  if (held.current && held.current.place !== place) held.current = null;
  const current = held.current ? held.current.ids.flatMap((id) => byId(id) ?? []) : rows;
  shown.current = { place, ids: current.map(({ id }) => id) };
  return [current, list];
}

const moves = ["pointermove", "pointerdown", "keydown"] as const;
