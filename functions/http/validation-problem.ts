// Turns what the validator found into one sentence about one field: `leaseMs must be an integer …, got "7"`. Pure.

import { FunctionProblem } from "../problem.ts";
import { describeExpected, describeGot, type SchemaWords } from "./expectations.ts";

/** Of ajv's, with `verbose`. */
export interface ValidationError {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  data?: unknown;
  schema?: unknown;
  parentSchema?: object;
}

/** What people put in there is nobody else's to see. */
const secretPaths = /^\/(data\/(machine\/(driverConfig|engine|archive)|agent)|driverConfig|engine)(\/|$)/;

/** @param errors at least one */
export function createValidationProblem(errors: readonly ValidationError[]): FunctionProblem {
  const { path, expected, got } = describe(pickTelling(errors));
  const field = path.slice(1).split("/").map(unescapePointer).join(".") || "body";
  return new FunctionProblem({
    status: 400,
    code: "request.invalid",
    detail: `${field} must be ${expected}, got ${got}`,
    field,
    expected,
    got,
  });
}

/** Of a choice, ajv tells what is wrong with each branch and then that none fits; the last one names the whole choice. */
function pickTelling(errors: readonly ValidationError[]): ValidationError {
  const choice = errors.find(({ keyword }) => keyword === "anyOf");
  if (choice === undefined) return errors[0]!;
  // Deeper than the choice itself: one branch was meant, and something in it is wrong.
  const deeper = errors.filter(({ instancePath }) => instancePath.length > choice.instancePath.length);
  return deeper[0] ?? choice;
}

function describe({ keyword, instancePath, params, data, schema, parentSchema }: ValidationError) {
  const isSecret = secretPaths.test(`${instancePath}/`);
  switch (keyword) {
    case "required": {
      const name = String(params.missingProperty);
      const { properties } = parentSchema as { properties?: Record<string, SchemaWords> };
      return { path: `${instancePath}/${name}`, expected: describeExpected(properties?.[name] ?? {}), got: "nothing" };
    }
    case "additionalProperties": {
      const { properties } = parentSchema as { properties?: Record<string, unknown> };
      const name = String(params.additionalProperty);
      if (properties === undefined) {
        const { patternProperties } = parentSchema as { patternProperties?: Record<string, unknown> };
        const pattern = Object.keys(patternProperties ?? {})[0];
        return {
          path: instancePath,
          expected: `an object with names that match ${pattern}`,
          got: describeGot(name, false),
        };
      }
      return {
        path: `${instancePath}/${name}`,
        expected: `one of ${Object.keys(properties).join(", ")}`,
        got: `an unknown field`,
      };
    }
    case "maxProperties":
      return { path: instancePath, expected: `an object of at most ${schema} fields`, got: describeCount(data) };
    default:
      return {
        path: instancePath,
        expected: describeExpected(parentSchema as SchemaWords),
        got: describeGot(data, isSecret),
      };
  }
}

function describeCount(data: unknown): string {
  return `${Object.keys(data as object).length} fields`;
}

function unescapePointer(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
