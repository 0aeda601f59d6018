// Says in words what a schema wants, and finds the schema of a field. Pure.

/** As much of a JSON schema as ours use. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  /** Overrides the words made here. */
  "x-expected"?: string;
}

/** `/driverConfig/region` in a schema of a machine → the schema of `region`; undefined when it has none. */
export function schemaAt(schema: Schema | undefined, path: readonly string[]): Schema | undefined {
  const [name, ...rest] = path;
  if (name === undefined || schema === undefined) return schema;
  if (schema.anyOf) {
    const found = schema.anyOf.map((variant) => schemaAt(variant, path)).filter((each) => each !== undefined);
    return found.length > 1 ? { anyOf: found } : found[0];
  }
  if (schema.items && /^\d+$/.test(name)) return schemaAt(schema.items, rest);
  const byPattern = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(name));
  const more = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return schemaAt(schema.properties?.[name] ?? byPattern?.[1] ?? more, rest);
}

export function describeSchema(schema: Schema | undefined): string {
  if (!schema) return "something else";
  if (schema["x-expected"]) return schema["x-expected"];
  if (schema.anyOf) return describeVariants(schema.anyOf);
  if (schema.enum) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  if ("const" in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "integer":
      return describeNumber("integer", schema);
    case "number":
      return describeNumber("number", schema);
    case "string":
      return describeText(schema);
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "array":
      return `a list${schema.maxItems === undefined ? "" : ` of at most ${schema.maxItems}`}`;
    default:
      return "an object";
  }
}

function describeVariants(variants: Schema[]): string {
  const all = variants.map(describeSchema);
  return variants.every((variant) => "const" in variant) && all.length > 1
    ? `one of ${all.join(", ")}`
    : all.join(" or ");
}

function describeNumber(word: "integer" | "number", { minimum, maximum }: Schema): string {
  const article = word === "integer" ? "an" : "a";
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && isBounded) return `${article} ${word} from ${minimum} to ${maximum}`;
  if (minimum === 1) return `a positive ${word}`;
  if (minimum !== undefined) return `${article} ${word} of at least ${minimum}`;
  return isBounded ? `${article} ${word} of at most ${maximum}` : `${article} ${word}`;
}

function describeText({ minLength, maxLength, pattern }: Schema): string {
  const length =
    maxLength === undefined
      ? minLength
        ? ` of at least ${minLength} characters`
        : ""
      : ` of ${minLength ? `${minLength} to` : "at most"} ${maxLength} characters`;
  return `text${length}${pattern === undefined ? "" : ` that matches ${pattern}`}`;
}
