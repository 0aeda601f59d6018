// Checks what came in against the route's schema, and says what was wrong: the field, what was expected, what was got.
// Nothing is coerced, filled in or dropped in a body. A query string holds text only, so there what reads as a whole
// number or as true or false becomes one where the schema wants it.
import { distance } from "fastest-levenshtein";
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { RelayError } from "../errors.ts";
import { describeSchema, type Schema, schemaAt } from "./expected.ts";

/** A field that the schema does not name: some routes have a code of their own for it. */
export class UnknownField extends RelayError {}

interface Mistake {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
}

/** Fields that may hold a secret: their value is not repeated, only what kind of thing it was. */
const secretFields = /^(driverConfig|engine|key|token|data)\b/;
const gotCharactersMax = 100;

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  const isText = httpPart === "querystring";
  return (received: unknown) => {
    const value = isText ? readQuery(received, schema as Schema) : received;
    if (check.Check(value)) return { value };
    return { error: explain(check.Errors(value), schema as Schema, value) };
  };
};

function readQuery(received: unknown, schema: Schema): unknown {
  const entries = Object.entries((received ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, readText(value, schema.properties?.[name])]));
}

function readText(value: unknown, schema: Schema | undefined): unknown {
  if (schema?.type === "array") return Array.isArray(value) ? value : [value];
  if (schema?.type === "integer" && typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (schema?.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

/** The first mistake, as the caller should read it. */
export function explain(mistakes: readonly Mistake[], schema: Schema, value: unknown): RelayError {
  const mistake = chooseMistake(mistakes);
  const path = mistake.instancePath.split("/").slice(1).map(unescapePointer);
  if (mistake.keyword === "required") return missing(mistake, schema, path);
  if (mistake.keyword === "boolean") return unknownField(schema, path);
  const field = path.join(".") || "body";
  const expected = describeSchema(schemaAt(schema, path));
  const found = valueAt(value, path);
  // No body reads as null.
  const got = path.length === 0 && found === null ? "nothing" : describeGot(found, field);
  return new RelayError("request.invalid", {
    message: `${field} must be ${expected}, got ${got}`,
    field,
    expected,
    got,
  });
}

/**
 * The first; of a union what went wrong inside the variant that looks like the value, or that none of them does. A
 * union's own mistake comes after those of its variants.
 */
function chooseMistake(mistakes: readonly Mistake[]): Mistake {
  const [first] = mistakes as [Mistake];
  const union = mistakes.findLast(
    ({ keyword, schemaPath }) => keyword === "anyOf" && first.schemaPath.startsWith(`${schemaPath}/`),
  );
  if (!union) return first;
  const inside = mistakes.filter(
    ({ schemaPath, instancePath }) =>
      schemaPath.startsWith(`${union.schemaPath}/`) && instancePath.length > union.instancePath.length,
  );
  return inside.length > 0 ? chooseMistake(inside) : union;
}

function missing({ params }: Mistake, schema: Schema, path: string[]): RelayError {
  const [name = ""] = (params as { requiredProperties: string[] }).requiredProperties;
  const field = [...path, name].join(".");
  const expected = describeSchema(schemaAt(schema, [...path, name]));
  return new RelayError("request.invalid", {
    message: `${field} is missing: it must be ${expected}`,
    field,
    expected,
    got: "nothing",
  });
}

function unknownField(schema: Schema, path: string[]): RelayError {
  const name = path.at(-1) ?? "";
  const names = Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {});
  const nearest = nearestTo(name, names);
  return new UnknownField("request.invalid", {
    message: `${path.join(".")} is not known here${nearest ? `; did you mean ${nearest}?` : ""}`,
    field: path.join("."),
    expected: names.length > 0 ? `one of ${names.join(", ")}` : "no such field",
    got: JSON.stringify(cut(name)),
  });
}

/** The most similar name, if it is similar at all. */
export function nearestTo(name: string, names: readonly string[]): string | null {
  const ranked = names
    .map((each) => ({ each, far: distance(name.toLowerCase(), each.toLowerCase()) }))
    .sort((one, other) => one.far - other.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, Math.ceil(name.length / 2)) ? best.each : null;
}

export function describeGot(value: unknown, field: string): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  if (!secretFields.test(field)) return cut(JSON.stringify(value));
  return typeof value === "string" ? `text of ${value.length} characters` : typeof value;
}

function cut(text: string): string {
  return text.length > gotCharactersMax ? `${text.slice(0, gotCharactersMax)}…` : text;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value);
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
