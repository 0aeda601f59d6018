// Cuts rows into pages.
import type { Page } from "./types.ts";

/** The largest page that the store reads at once; a larger limit gets this many. */
export const pageEntriesMax = 1_000;

/** How many rows to read for a page: one more than it holds, to know whether another follows. */
export function rowsToRead(limit: number): number {
  return clampLimit(limit) + 1;
}

export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  toEntry: (row: Row) => T,
  toCursor: (lastRow: Row) => string,
): Page<T> {
  const shown = rows.slice(0, clampLimit(limit));
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length;
  return { data: shown.map(toEntry), next: hasMore && last !== undefined ? toCursor(last) : null };
}

function clampLimit(limit: number): number {
  return Math.min(Math.max(1, Math.trunc(limit)), pageEntriesMax);
}
