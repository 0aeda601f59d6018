// Which part of a machine's page is shown, and where the arrow keys lead. Pure.
import type { MachineView } from "../../api/machine-view.ts";

export const tabNames = ["log", "history", "connect", "agent", "details"] as const;
export type TabName = (typeof tabNames)[number];

export const isTab = (name: string | undefined): name is TabName => tabNames.includes(name as TabName);

/** What a person wants first: to use it, or to see what goes on. */
export const defaultTab = ({ state }: Pick<MachineView, "state">): TabName => (state === "active" ? "connect" : "log");

/** Null: the key leads nowhere. */
export function tabAfter(current: TabName, key: string): TabName | null {
  const index = tabNames.indexOf(current);
  const last = tabNames.length - 1;
  if (key === "ArrowRight") return tabNames[index === last ? 0 : index + 1] ?? null;
  if (key === "ArrowLeft") return tabNames[index === 0 ? last : index - 1] ?? null;
  if (key === "Home") return tabNames[0];
  if (key === "End") return tabNames[last] ?? null;
  return null;
}
