// The lines as text to paste elsewhere: as they are shown, without colours. Pure.
import { lineTime } from "./line-time.ts";
import type { LogLines, Row } from "./log-lines.ts";
import type { Search } from "./search.ts";

export interface Shown {
  /** Null: all lines. */
  only: Search | null;
  hasTimes: boolean;
}

export function shownText({ chunks }: LogLines, { only, hasTimes }: Shown): string {
  const lines = chunks.flatMap((chunk) => {
    const found = only?.linesIn(chunk);
    return chunk.rows
      .filter((row) => !found || (row.kind === "line" && found.includes(row.number)))
      .map((row) => rowText(row, hasTimes));
  });
  return lines.map((line) => `${line}\n`).join("");
}

function rowText(row: Row, hasTimes: boolean): string {
  if (row.kind === "gap") return `(${row.count} lines are not kept)`;
  if (row.kind === "process") return `(${row.processId})`;
  return hasTimes ? `${lineTime(row.at)} ${row.text}` : row.text;
}
