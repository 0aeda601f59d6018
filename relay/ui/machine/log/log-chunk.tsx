// A hundred lines or so of the log. Drawn anew only when something in it changes: with thousands of lines that is what
// keeps the page fluid.
import { Component, type VNode } from "preact";
import type { ProcessNames } from "../process-names.ts";
import { lineTime, momentTime } from "./line-time.ts";
import type { Chunk, LineRow, Row } from "./log-lines.ts";
import { markMatches } from "./search.ts";

/** Only a guess, for chunks that have never been on the screen. */
const rowPixels = 19;

export interface LogChunkProps {
  chunk: Chunk;
  /** "": it occurs nowhere in this chunk. */
  query: string;
  /** Those of this chunk, where only they are to be seen; null: all are. */
  only: readonly number[] | null;
  /** The line that the reader was led to, if it is in this chunk. */
  current: number | null;
  hasTimes: boolean;
  names: ProcessNames;
}

export class LogChunk extends Component<LogChunkProps> {
  override shouldComponentUpdate(next: LogChunkProps): boolean {
    return (Object.keys(next) as (keyof LogChunkProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ chunk, query, only, current, hasTimes, names }: LogChunkProps) {
    const rows = only ? chunk.rows.filter((row) => row.kind === "line" && only.includes(row.number)) : chunk.rows;
    if (rows.length === 0) return null;
    return (
      <div class="log-chunk" style={{ containIntrinsicBlockSize: `auto ${rows.length * rowPixels}px` }}>
        {rows.map((row) => drawRow(row, { query, current, hasTimes, names }))}
      </div>
    );
  }
}

type Drawing = Pick<LogChunkProps, "query" | "current" | "hasTimes" | "names">;

/** Functions and not components: there are very many rows. */
function drawRow(row: Row, drawing: Drawing): VNode {
  if (row.kind === "line") return drawLine(row, drawing);
  if (row.kind === "gap") {
    return (
      <div class="log-gap" key={`gap ${row.number}`}>
        {row.count === 1 ? "1 line is" : `${row.count} lines are`} not kept: of a long log the middle is dropped
      </div>
    );
  }
  const name = drawing.names.get(row.processId);
  return (
    <div class="log-process" key={`process ${row.number}`}>
      <strong>{name ?? "process"}</strong> <time dateTime={new Date(row.at).toISOString()}>{momentTime(row.at)}</time>{" "}
      <span class="log-process-id">{row.processId}</span>
    </div>
  );
}

const marks = { stdout: "", stderr: "err", note: "note" } as const;

function drawLine({ number, at, stream, text, spans }: LineRow, { query, current, hasTimes }: Drawing): VNode {
  const isFound = query !== "" && text.toLowerCase().includes(query.toLowerCase());
  return (
    <div class={`log-line log-${stream}${number === current ? " log-current" : ""}`} key={number} data-number={number}>
      {hasTimes && <time dateTime={new Date(at).toISOString()}>{lineTime(at)}</time>}
      <span class="log-mark">{marks[stream]}</span>
      <bdi class="log-text">
        {isFound
          ? markMatches(spans, text, query).map(({ text: part, look, isMatch }) =>
              isMatch ? <mark class={look}>{part}</mark> : drawSpan(part, look),
            )
          : spans.map(({ text: part, look }) => drawSpan(part, look))}
      </bdi>
    </div>
  );
}

const drawSpan = (text: string, look: string) => (look === "" ? text : <span class={look}>{text}</span>);
