// The part of Go's templates that people use with --format: fields, `index`, and JSON.

/** Says what Go's own parser would say. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export interface TemplateOptions {
  /** Of a field that is not there: docker-machine prints `<no value>`, docker refuses. */
  missingField: "no value" | "error";
}

type Value = unknown;
const pieces = /\{\{(.*?)\}\}/gs;
const words = /"(?:[^"\\]|\\.)*"|[^\s]+/g;

/** @throws TemplateError */
export function renderTemplate(template: string, data: Value, options: TemplateOptions): string {
  if (template.replaceAll(pieces, "").includes("{{")) throw new TemplateError("template: :1: unclosed action");
  return template
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n")
    .replaceAll(pieces, (_, action: string) => renderAction(action.trim(), data, options));
}

function renderAction(action: string, data: Value, options: TemplateOptions): string {
  const [first = "", ...rest] = action.match(words) ?? [];
  if (first.startsWith(".") || first.startsWith('"')) return toText(evaluate(first, data, options));
  const values = rest.map((word) => evaluate(word, data, options));
  if (first === "json") return JSON.stringify(values[0] ?? null);
  if (first === "prettyjson") return JSON.stringify(values[0] ?? null, null, 4);
  if (first === "index") return toText(values.reduce(lookUp) ?? "");
  throw new TemplateError(`template: :1: function ${JSON.stringify(first)} not defined`);
}

function evaluate(word: string, data: Value, options: TemplateOptions): Value {
  if (word.startsWith('"')) return JSON.parse(word);
  if (/^\d+$/.test(word)) return Number(word);
  if (!word.startsWith(".")) throw new TemplateError(`template: :1: function ${JSON.stringify(word)} not defined`);
  let value = data;
  for (const field of word.split(".").filter((part) => part !== "")) {
    const next = lookUp(value, field);
    if (next === undefined && options.missingField === "error") {
      throw new TemplateError(
        `template: :1:2: executing "" at <${word}>: map has no entry for key ${JSON.stringify(field)}`,
      );
    }
    value = next;
  }
  return value;
}

function lookUp(value: Value, key: Value): Value {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, key as string) ? (value as Record<string, Value>)[key as string] : undefined;
}

function toText(value: Value): string {
  if (value === undefined) return "<no value>";
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(toText).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${toText(item)}`).join(" ")}]`;
}
