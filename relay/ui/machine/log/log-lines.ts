// The lines that are held: in chunks that never change but the last one, so that only that one is drawn anew. Pure.
import type { LogLineView } from "../../../api/machine-records-view.ts";
import { readLine, type Span, textOf } from "./read-line.ts";

/** More would make the tab heavy: then the oldest ones go, and the page says so. */
export const linesMax = 20_000;
export const chunkLines = 100;

export interface LineRow {
  kind: "line";
  number: number;
  at: number;
  stream: LogLineView["stream"];
  /** As it is shown. */
  text: string;
  spans: readonly Span[];
}
/** Lines of another process follow. */
export interface ProcessRow {
  kind: "process";
  number: number;
  at: number;
  processId: string;
}
/** So many lines are not kept. */
export interface GapRow {
  kind: "gap";
  number: number;
  count: number;
}
export type Row = LineRow | ProcessRow | GapRow;

/** `key`: the number of its first line. */
export interface Chunk {
  key: number;
  lineCount: number;
  rows: readonly Row[];
}

export interface LogLines {
  chunks: readonly Chunk[];
  /** The number of the newest line; 0: none yet. */
  last: number;
  lastProcessId: string | null;
  lineCount: number;
  /** So many lines were here, and went. */
  forgotten: number;
  /** So many were ever taken. */
  taken: number;
}

export const noLines: LogLines = {
  chunks: [],
  last: 0,
  lastProcessId: null,
  lineCount: 0,
  forgotten: 0,
  taken: 0,
};

/** Those that are new, at the end: a line that is here already is not taken twice. */
export function addLines(log: LogLines, lines: readonly LogLineView[]): LogLines {
  const chunks = [...log.chunks];
  let { last, lastProcessId } = log;
  let added = 0;
  let open = chunks.at(-1);
  let rows: Row[] = [];
  const start = (key: number) => {
    open = { key, lineCount: 0, rows: [] };
    chunks.push(open);
    rows = [];
  };
  if (open) rows = [...open.rows];
  const save = () => {
    if (open) chunks[chunks.length - 1] = { ...open, rows };
  };
  for (const line of lines) {
    if (line.number <= last) continue;
    if (!open || open.lineCount >= chunkLines) {
      save();
      start(line.number);
    }
    if (line.number > last + 1) rows.push({ kind: "gap", number: last + 1, count: line.number - last - 1 });
    if (line.processId !== lastProcessId) {
      rows.push({ kind: "process", number: line.number, at: line.at, processId: line.processId });
    }
    rows.push(toRow(line));
    open = { ...(open as Chunk), lineCount: (open as Chunk).lineCount + 1 };
    ({ number: last, processId: lastProcessId } = line);
    added += 1;
  }
  if (added === 0) return log;
  save();
  return dropOldest({
    chunks,
    last,
    lastProcessId,
    lineCount: log.lineCount + added,
    forgotten: log.forgotten,
    taken: log.taken + added,
  });
}

/** Whole chunks at a time: a chunk that loses its first line would be drawn anew. */
function dropOldest(log: LogLines): LogLines {
  let { lineCount, forgotten } = log;
  let dropped = 0;
  for (const chunk of log.chunks) {
    if (lineCount <= linesMax) break;
    lineCount -= chunk.lineCount;
    forgotten += chunk.lineCount;
    dropped += 1;
  }
  return dropped === 0 ? log : { ...log, chunks: log.chunks.slice(dropped), lineCount, forgotten };
}

function toRow({ number, at, stream, line }: LogLineView): LineRow {
  const spans = readLine(line);
  return { kind: "line", number, at, stream, text: textOf(spans), spans };
}
