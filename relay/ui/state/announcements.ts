// What a screen reader is told of changes that nobody asked for: politely, and a few at a time.
import { signal } from "@preact/signals";
import type { MachineView } from "../../api/machine-view.ts";

const collectMs = 1_000;
const namesMax = 3;

export const announcement = signal("");
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  waiting.push(text);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    const more = waiting.length - namesMax;
    announcement.value = waiting.slice(0, namesMax).join(". ") + (more > 0 ? `. And ${more} more changes` : "");
    waiting = [];
    timer = undefined;
  }, collectMs);
}

/** Only a state that somebody waits for is worth a word. */
export function announceChange(before: MachineView | undefined, after: MachineView): void {
  if (!before || before.state === after.state) return;
  if (after.state === "active") announce(`${after.name} is active`);
  if (after.state === "error") announce(`${after.name} failed: ${after.error?.message ?? ""}`.slice(0, 300));
  if (after.state === "deleted") announce(`${after.name} is deleted`);
}
