// Reads the XML that EC2 answers with: elements in elements, nothing else. Pure.

/** A list where it holds nothing but `item`s; text where it holds no elements. */
export type XmlValue = string | XmlValue[] | XmlElement;
export interface XmlElement {
  [name: string]: XmlValue;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What the outermost element holds. */
export function readXml(text: string): XmlElement {
  const open: { name: string; children: [string, XmlValue][]; text: string }[] = [{ name: "", children: [], text: "" }];
  for (const [, closing, name = "", isEmpty, words] of text.matchAll(
    /<(\/)?([\w:.-]+)(?:\s[^>]*?)?(\/)?>|<\?[^>]*\?>|([^<]+)/g,
  )) {
    const inner = open.at(-1)!;
    if (words !== undefined) inner.text += words;
    else if (isEmpty) inner.children.push([name, ""]);
    else if (closing) {
      open.pop();
      open.at(-1)!.children.push([name, readValue(inner)]);
    } else if (name) open.push({ name, children: [], text: "" });
  }
  return open[0]!.children[0]?.[1] as XmlElement;
}

function readValue({ children, text }: { children: [string, XmlValue][]; text: string }): XmlValue {
  if (children.length === 0) return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole).trim();
  if (children.every(([name]) => name === "item")) return children.map(([, value]) => value);
  return Object.fromEntries(children);
}

export const listOf = (value: XmlValue | undefined): XmlElement[] =>
  Array.isArray(value) ? (value as XmlElement[]) : [];
export const textOf = (value: XmlValue | undefined): string => (typeof value === "string" ? value : "");

export const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character]!);
