// What a machine's history says: which entries belong together, and what kind of thing each is. Pure.
import type { HistoryEntryView } from "../../../api/machine-records-view.ts";

export type KindGroup = "state" | "asked" | "answered" | "trouble" | "person" | "agent" | "other";

export interface Kind {
  word: string;
  group: KindGroup;
}

/** By the API's word for it. */
const kinds: Readonly<Record<string, Kind>> = {
  state: { word: "state", group: "state" },
  fired: { word: "fired", group: "asked" },
  run: { word: "run", group: "asked" },
  checkpoint: { word: "checkpoint", group: "answered" },
  reply: { word: "reply", group: "answered" },
  unanswered: { word: "unanswered", group: "trouble" },
  waiting: { word: "waiting", group: "trouble" },
  skipped: { word: "skipped", group: "trouble" },
  cancel: { word: "cancel", group: "person" },
  delete: { word: "delete", group: "person" },
  forgotten: { word: "forgotten", group: "person" },
  retry: { word: "retry", group: "person" },
  patch: { word: "change", group: "person" },
  resolve: { word: "resolve", group: "person" },
  agent: { word: "agent", group: "agent" },
};
const errorReply: Kind = { word: "error", group: "trouble" };

/** An error reply is a reply for the relay, and trouble for a person. */
export function kindOf({ kind, message }: Pick<HistoryEntryView, "kind" | "message">): Kind {
  if (kind === "reply" && message.startsWith("error:")) return errorReply;
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return known ?? { word: kind, group: "other" };
}

export const groupNames: readonly [KindGroup, string][] = [
  ["state", "States"],
  ["asked", "Firings and runs"],
  ["answered", "Replies"],
  ["trouble", "Trouble"],
  ["person", "What people asked for"],
  ["agent", "Agent"],
  ["other", "Other"],
];

/** So many entries between two that are shown are not kept. */
export interface Gap {
  gap: number;
  before: number;
}
export type Item = HistoryEntryView | Gap;
export const isGap = (item: Item): item is Gap => "gap" in item;

/** What happened in one process, or between two. */
export interface Chapter {
  processId: string | null;
  /** Newest first. */
  items: Item[];
}

/**
 * Newest first. What no process did, but happened in the middle of one, stays in its chapter.
 * @param entries oldest first
 */
export function chaptersOf(
  entries: readonly HistoryEntryView[],
  isShown: (entry: HistoryEntryView) => boolean,
): Chapter[] {
  const chapters: Chapter[] = [];
  const owners = ownersOf(entries);
  let last: number | null = null;
  entries.forEach((entry, index) => {
    const gap = last === null ? 0 : entry.id - last - 1;
    last = entry.id;
    if (gap === 0 && !isShown(entry)) return;
    const owner = owners[index] ?? null;
    let chapter = chapters.at(-1);
    if (!chapter || chapter.processId !== owner) {
      chapter = { processId: owner, items: [] };
      chapters.push(chapter);
    }
    if (gap > 0) chapter.items.push({ gap, before: entry.id });
    if (isShown(entry)) chapter.items.push(entry);
  });
  for (const chapter of chapters) chapter.items.reverse();
  return chapters.reverse();
}

function ownersOf(entries: readonly HistoryEntryView[]): (string | null)[] {
  const owners = entries.map(({ processId }) => processId);
  let before: string | null = null;
  /** The first of the entries since then that no process has. */
  let open = 0;
  entries.forEach(({ processId }, index) => {
    if (processId === null) return;
    if (processId === before) owners.fill(processId, open, index);
    before = processId;
    open = index + 1;
  });
  return owners;
}

/** The newest entries of the chapters, so many. */
export function cutChapters(chapters: readonly Chapter[], itemsMax: number): Chapter[] {
  const cut: Chapter[] = [];
  let left = itemsMax;
  for (const { processId, items } of chapters) {
    if (left <= 0) break;
    cut.push({ processId, items: items.slice(0, left) });
    left -= items.length;
  }
  return cut;
}

/** Those that are new, at the end: an entry that is here already is not taken twice. */
export function addEntries(
  known: readonly HistoryEntryView[],
  more: readonly HistoryEntryView[],
): readonly HistoryEntryView[] {
  const last = known.at(-1)?.id ?? 0;
  const fresh = more.filter(({ id }) => id > last);
  return fresh.length === 0 ? known : [...known, ...fresh];
}
