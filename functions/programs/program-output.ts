// What a program prints, as text: decoded, cut into lines, and collected, whatever it sends and however much of it.
import { logLineCharactersMax } from "../contract.ts";

/** Of each stream so much of the start and so much of the end is collected. */
export const collectedCharactersMax = 512 * 1024;

/** The two ends of a text that may be too large to keep. */
export interface Collected {
  add(text: string): void;
  text(): string;
}

export function createCollected(charactersMax = collectedCharactersMax): Collected {
  let start = "";
  let end = "";
  let leftOut = 0;
  return {
    add(text) {
      const room = charactersMax - start.length;
      start += text.slice(0, room);
      if (text.length <= room) return;
      end += text.slice(room);
      // Cut only when it has doubled, so that a flood of small pieces is not copied again and again.
      if (end.length <= 2 * charactersMax) return;
      leftOut += end.length - charactersMax;
      end = end.slice(-charactersMax);
    },
    text() {
      const surplus = Math.max(0, end.length - charactersMax);
      if (leftOut + surplus === 0) return start + end;
      return `${start}\n… (${leftOut + surplus} characters left out) …\n${end.slice(surplus)}`;
    },
  };
}

export interface OutputReader {
  write(bytes: Uint8Array): void;
  /** The last line may have no newline. */
  end(): void;
  text(): string;
}

/** Bytes that are no UTF-8 become U+FFFD. A progress bar's carriage return ends a line, too; empty lines are not told. */
export function createOutputReader(onLine: (line: string) => void): OutputReader {
  const decoder = new TextDecoder("utf-8");
  const collected = createCollected();
  let line = "";
  let cut = 0;

  function take(piece: string): void {
    const room = logLineCharactersMax - line.length;
    line += piece.slice(0, room);
    cut += Math.max(0, piece.length - room);
  }
  function finishLine(): void {
    const whole = describeCut(line, cut);
    line = "";
    cut = 0;
    if (whole !== "") onLine(whole);
  }
  function read(text: string): void {
    collected.add(text);
    const [first = "", ...others] = text.split(/[\r\n]+/);
    take(first);
    for (const piece of others) {
      finishLine();
      take(piece);
    }
  }

  return {
    write: (bytes) => read(decoder.decode(bytes, { stream: true })),
    end() {
      read(decoder.decode());
      finishLine();
    },
    text: () => collected.text(),
  };
}

/** The same limit for a line that comes in one piece. */
export function cutLine(line: string): string {
  return describeCut(line.slice(0, logLineCharactersMax), Math.max(0, line.length - logLineCharactersMax));
}

function describeCut(line: string, cut: number): string {
  return cut === 0 ? line : `${line}… (${cut} more characters cut)`;
}
