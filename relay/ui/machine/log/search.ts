// Where a text occurs in the lines. Pure, and what was found in a chunk is kept for as long as the chunk is.
import type { Chunk, LineRow } from "./log-lines.ts";
import type { Span } from "./read-line.ts";

export interface Search {
  /** The numbers of the lines in the chunk in which it occurs. */
  linesIn(chunk: Chunk): readonly number[];
}

const nothing: readonly number[] = [];

/** Upper and lower case are the same. An empty text occurs nowhere. */
export function createSearch(query: string): Search {
  const wanted = query.toLowerCase();
  const found = new WeakMap<Chunk, readonly number[]>();
  return {
    linesIn(chunk) {
      if (wanted === "") return nothing;
      let lines = found.get(chunk);
      if (!lines) {
        lines = chunk.rows
          .filter((row): row is LineRow => row.kind === "line" && row.text.toLowerCase().includes(wanted))
          .map(({ number }) => number);
        found.set(chunk, lines.length === 0 ? nothing : lines);
      }
      return lines;
    },
  };
}

/** The next line after `from` (`step` 1) or before it (-1), around the end; null: there is none. */
export function nextMatch(lines: readonly number[], from: number, step: 1 | -1): number | null {
  if (lines.length === 0) return null;
  const next = step === 1 ? lines.find((line) => line > from) : lines.findLast((line) => line < from);
  return next ?? (step === 1 ? lines[0] : lines.at(-1)) ?? null;
}

export interface MarkedSpan extends Span {
  isMatch: boolean;
}

/** The spans cut where the text begins and ends: it may begin in one colour and end in another. */
export function markMatches(spans: readonly Span[], text: string, query: string): MarkedSpan[] {
  const wanted = query.toLowerCase();
  const lower = text.toLowerCase();
  // A few letters change their length with their case: then the places would be wrong, so such lines go unmarked.
  if (wanted === "" || lower.length !== text.length) return spans.map((span) => ({ ...span, isMatch: false }));
  const marked: MarkedSpan[] = [];
  let at = 0;
  let match = lower.indexOf(wanted);
  for (const { text: spanText, look } of spans) {
    const end = at + spanText.length;
    let from = at;
    while (from < end) {
      const isMatch = match !== -1 && from >= match;
      const edge = match === -1 ? end : isMatch ? match + wanted.length : match;
      const to = Math.min(edge, end);
      marked.push({ text: spanText.slice(from - at, to - at), look, isMatch });
      from = to;
      if (isMatch && to === match + wanted.length) match = lower.indexOf(wanted, to);
    }
    at = end;
  }
  return marked;
}
