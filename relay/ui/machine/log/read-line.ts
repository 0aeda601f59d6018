// Turns a line as a program printed it into pieces that are safe to show: terminal colours become classes, all other
// orders to a terminal are dropped, and control characters become visible. Pure.
import Anser from "anser";
import { type LineColour, nearestColour } from "./colours.ts";

export interface Span {
  text: string;
  /** Class names, or "" for plain text. */
  look: string;
}

const escapeCharacter = "\u001b";
/** Among the orders: colours and other looks. */
const look = /^.\[[\d;:]*m$/;
/**
 * What a terminal would obey: CSI (colours, cursor), OSC (titles, links) and the other strings where they are complete,
 * and the short ones. Last an escape that begins none of them. Each alternative ends at the next escape, so a hostile line costs no more than its length.
 */
const orders =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[PX^_][^\u001b]*\u001b\\|\u001b[ -/]*[0-OQ-WYZ\\`-~]|\u001b/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const unusual = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]+/;

export function readLine(line: string): Span[] {
  if (!unusual.test(line)) return line === "" ? [] : [{ text: line, look: "" }];
  // Without complete orders the parser has nothing to guess at.
  const known = line.replace(orders, (order) => {
    if (order === escapeCharacter) return "^[";
    return look.test(order) ? tidy(order) : "";
  });
  const spans: Span[] = [];
  for (const piece of Anser.ansiToJson(overwrite(known), { use_classes: true })) {
    const classes = [
      colourOf("log-", piece.fg, piece.fg_truecolor),
      colourOf("log-on-", piece.bg, piece.bg_truecolor),
      ...piece.decorations.map((decoration) => decorations[decoration] ?? ""),
    ];
    addText(spans, piece.content, [...new Set(classes)].filter(Boolean).join(" "));
  }
  return spans;
}

/** A text of several lines without looks, for where a message of a program is shown. */
export const plainText = (text: string): string =>
  text
    .split("\n")
    .map((line) => textOf(readLine(line)))
    .join("\n");

export const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join("");

/** `blink` and `hidden` are left out: nothing may move without need, and nobody may hide text from who looks. */
const decorations: Partial<Record<string, string>> = {
  bold: "log-bold",
  dim: "log-soft",
  italic: "log-italic",
  underline: "log-underline",
  strikethrough: "log-struck",
};

/** A progress bar writes over its line again and again: the last part is what a person would see, in the look it has. */
function overwrite(line: string): string {
  const parts = line.replace(/\r+$/, "").split("\r");
  const last = parts.pop() ?? "";
  return parts.map((part) => (part.match(orders) ?? []).join("")).join("") + last;
}

/** The newer spelling with colons becomes the one with semicolons; colours of underlines go, for the parser reads them as others. */
function tidy(order: string): string {
  const parameters = order
    .slice(2, -1)
    .split(";")
    .map((parameter) => {
      if (/^4:/.test(parameter)) return parameter === "4:0" ? "24" : "4";
      return parameter.replace(/^([345]8):2:\d*:(\d+:\d+:\d+).*$/, "$1:2:$2").replaceAll(":", ";");
    })
    .join(";")
    .replace(/(^|;)58;(5;\d+|2;\d+;\d+;\d+)/g, "");
  return `${escapeCharacter}[${parameters}m`;
}

/** `colour` is a class name of the parser: `ansi-red`, `ansi-bright-red`, `ansi-palette-200`, or `ansi-truecolor`. */
function colourOf(prefix: "log-" | "log-on-", colour: string | null, trueColour: string | null): string {
  if (!colour) return "";
  const found = nearestColour(colour === "ansi-truecolor" && trueColour ? trueColour : colour);
  // The theme decides what is paper and what is ink: black on black would be nobody's wish.
  if (found === "plain") return prefix === "log-" ? "" : "log-on-soft";
  return `${prefix}${found satisfies LineColour}`;
}

function addText(spans: Span[], text: string, classes: string): void {
  let rest = text;
  while (rest !== "") {
    const control = controls.exec(rest);
    const plain = control ? rest.slice(0, control.index) : rest;
    if (plain !== "") push(spans, plain, classes);
    if (!control) return;
    push(spans, [...control[0]].map(nameControl).join(""), classes === "" ? "log-control" : `${classes} log-control`);
    rest = rest.slice(control.index + control[0].length);
  }
}

function push(spans: Span[], text: string, classes: string): void {
  const last = spans.at(-1);
  if (last?.look === classes) last.text += text;
  else spans.push({ text, look: classes });
}

/** As terminals write them: `^@` for a zero byte. `\x9b` for those that have no such name. */
function nameControl(character: string): string {
  const code = character.charCodeAt(0);
  return code <= 0x7f ? `^${String.fromCharCode(code ^ 0x40)}` : `\\x${code.toString(16)}`;
}
