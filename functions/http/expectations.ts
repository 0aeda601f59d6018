// Says in words what a schema expects and what came instead: `must be an integer from 1, got "7"`. Pure.

/** As much of JSON Schema as our shapes use. */
export interface SchemaWords {
  type?: string;
  const?: unknown;
  anyOf?: SchemaWords[];
  items?: SchemaWords;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** More of a wrong value tells nobody anything. */
const gotCharactersMax = 80;

export function describeExpected(schema: SchemaWords): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(describeExpected))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "integer":
    case "number":
      return `${schema.type === "integer" ? "an integer" : "a number"}${describeRange(schema.minimum, schema.maximum)}`;
    case "string":
      if (schema.pattern !== undefined) return `a string that matches ${schema.pattern}`;
      return `a string${describeCount(schema.minLength, schema.maxLength, "characters")}`;
    case "array":
      return `a list${describeCount(schema.minItems, schema.maxItems, "items")}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "object":
      return "an object";
    default:
      return "another value";
  }
}

/** @param isSecret then only the kind of value is told, never the value */
export function describeGot(value: unknown, isSecret: boolean): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length} items`;
  if (typeof value === "object") return "an object";
  if (isSecret) return typeof value === "string" ? `a string of ${value.length} characters` : `a ${typeof value}`;
  const text = JSON.stringify(value);
  return text.length <= gotCharactersMax ? text : `${text.slice(0, gotCharactersMax)}… (${text.length} characters)`;
}

function describeRange(minimum: number | undefined, maximum: number | undefined): string {
  const isMaximumWorthSaying = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  if (minimum === undefined) return isMaximumWorthSaying ? ` of at most ${maximum}` : "";
  return isMaximumWorthSaying ? ` from ${minimum} to ${maximum}` : ` of at least ${minimum}`;
}

function describeCount(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined) return most === undefined ? "" : ` of at most ${most} ${unit}`;
  return most === undefined ? ` of at least ${least} ${unit}` : ` of ${least} to ${most} ${unit}`;
}
