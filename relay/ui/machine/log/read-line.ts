// Turns a line as a program printed it into pieces that are safe to show: terminal colours become classes, all other
// orders to a terminal are dropped, and control characters become visible. Pure.
import { applyOrder, classesOf, type Look, plainLook } from "./looks.ts";

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
  const text = overwrite(line);
  const spans: Span[] = [];
  let drawn: Look = plainLook;
  let at = 0;
  for (const { 0: order, index } of text.matchAll(orders)) {
    addText(spans, text.slice(at, index), classesOf(drawn));
    at = index + order.length;
    if (look.test(order)) drawn = applyOrder(drawn, order);
    // An escape that begins no order is a character like any other.
    else if (order === escapeCharacter) addText(spans, "^[", classesOf(drawn));
  }
  addText(spans, text.slice(at), classesOf(drawn));
  return spans;
}

/** A text of several lines without looks, for where a message of a program is shown. */
export const plainText = (text: string): string =>
  text
    .split("\n")
    .map((line) => textOf(readLine(line)))
    .join("\n");

export const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join("");

/** A progress bar writes over its line again and again: the last part is what a person would see, in the look it has. */
function overwrite(line: string): string {
  const parts = line.replace(/\r+$/, "").split("\r");
  const last = parts.pop() ?? "";
  return parts.map((part) => (part.match(orders) ?? []).join("")).join("") + last;
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
