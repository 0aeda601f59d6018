// Reads the environment once: the only place of functions/ that does. What is wrong is told all at once, in words.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Type from "typebox";
import { Value } from "typebox/value";
import { deadlineMsDefault, settleMsDefault } from "./contract.ts";
import { describeExpected, describeGot, type SchemaWords } from "./http/expectations.ts";
import type { FunctionName } from "./work.ts";

const hour = 60 * 60 * 1000;
const megabyte = 1024 * 1024;

export const functionNames = ["create", "bootstrap", "delete"] as const satisfies readonly FunctionName[];

const Path = Type.String({ minLength: 1, maxLength: 4096 });
const Variables = Type.Object({
  HOST: Type.String({ minLength: 1, maxLength: 255, default: "127.0.0.1" }),
  /** 0: any free one; the log says which. */
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8081 }),
  /** Which of them this process serves. One that serves a single function answers at `/` too. */
  FUNCTIONS: Type.Array(Type.Union(functionNames.map((name) => Type.Literal(name))), {
    minItems: 1,
    default: functionNames,
  }),
  /** Or in the file that FUNCTIONS_SECRET_FILE names. */
  FUNCTIONS_SECRET: Type.Optional(Type.String({ minLength: 16, maxLength: 4096 })),
  DEADLINE_MS: Type.Integer({ minimum: 1000, maximum: 24 * hour, default: deadlineMsDefault }),
  SETTLE_MS: Type.Integer({ minimum: 0, maximum: hour, default: settleMsDefault }),
  INVOCATIONS_MAX: Type.Integer({ minimum: 1, maximum: 10_000, default: 50 }),
  WORK_DIR: Type.String({ ...Path, default: join(tmpdir(), "machine-relay") }),
  /** Not below WORK_DIR: what is swept there at a start must never be somebody's machine. */
  SIMULATED_CLOUD_DIR: Type.String({ ...Path, default: join(tmpdir(), "machine-relay-cloud") }),
  DOCKER_MACHINE: Type.Optional(Path),
  DOCKER: Type.Optional(Path),
  /** Drivers whose secrets may be seen in the process list, because they have no environment variable for them. */
  ALLOW_SECRET_ARGUMENTS: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 100, default: [] }),
  LOG_LEVEL: Type.Union(
    ["trace", "debug", "info", "warn", "error", "fatal", "silent"].map((level) => Type.Literal(level)),
    { default: "info" },
  ),
  KEPT_REPLIES_MB: Type.Integer({ minimum: 1, maximum: 65_536, default: 256 }),
  KEPT_REPLIES_HOURS: Type.Integer({ minimum: 1, maximum: 24 * 30, default: 24 }),
});
type Variables = Type.Static<typeof Variables>;

export interface FunctionsConfig {
  readonly host: string;
  readonly port: number;
  readonly functions: readonly FunctionName[];
  /** Null: anyone on this machine may call. */
  readonly secret: string | null;
  readonly deadlineMs: number;
  /** How long after docker-machine was killed a cloud call of it may still make something. */
  readonly settleMs: number;
  readonly allowSecretArguments: readonly string[];
  readonly invocationsMax: number;
  readonly workDirectory: string;
  readonly simulatedCloudDirectory: string;
  /** A path, or null: look for it. */
  readonly dockerMachine: string | null;
  readonly docker: string | null;
  readonly logLevel: string;
  readonly keptBytesMax: number;
  readonly keptForMs: number;
  /** What programs inherit: the clouds' own variables and proxies pass through, our secrets do not. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Its message may be shown as it is; it holds no secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Relay and functions may share an environment; what a program never needs, it never sees. */
const ownSecrets = ["FUNCTIONS_SECRET", "API_KEYS", "SEALING_KEY"];

/** @throws ConfigError naming each wrong variable, what was expected and what was found */
export function readConfig(environment: Record<string, string | undefined>): FunctionsConfig {
  const variables = parseVariables(environment);
  const secret = variables.FUNCTIONS_SECRET ?? null;
  if (secret === null && !isLoopback(variables.HOST)) {
    throw new ConfigError(
      `FUNCTIONS_SECRET must be set (at least 16 characters) when HOST is not a loopback address, got HOST ${JSON.stringify(variables.HOST)} and no secret: events carry cloud credentials.`,
    );
  }
  return Object.freeze({
    host: variables.HOST,
    port: variables.PORT,
    functions: Object.freeze([...new Set(variables.FUNCTIONS)]) as readonly FunctionName[],
    secret,
    deadlineMs: variables.DEADLINE_MS,
    settleMs: variables.SETTLE_MS,
    allowSecretArguments: Object.freeze(variables.ALLOW_SECRET_ARGUMENTS),
    invocationsMax: variables.INVOCATIONS_MAX,
    workDirectory: resolve(variables.WORK_DIR),
    simulatedCloudDirectory: resolve(variables.SIMULATED_CLOUD_DIR),
    dockerMachine: variables.DOCKER_MACHINE ?? null,
    docker: variables.DOCKER ?? null,
    logLevel: variables.LOG_LEVEL,
    keptBytesMax: variables.KEPT_REPLIES_MB * megabyte,
    keptForMs: variables.KEPT_REPLIES_HOURS * hour,
    environment: Object.freeze(inheritedBy(environment)),
  });
}

/** Is this an address that only this machine can reach? */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function parseVariables(environment: Record<string, string | undefined>): Variables {
  const found: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, schema] of Object.entries(Variables.properties) as [
    string,
    SchemaWords & { default?: unknown },
  ][]) {
    // Compose files turn an unset variable into an empty one: both mean the default.
    const text = environment[name] || (name === "FUNCTIONS_SECRET" ? readSecretFile(environment) : undefined);
    const value = text === undefined ? schema.default : readText(text, schema);
    if (value === undefined) continue;
    if (Value.Check(schema as Type.TSchema, value)) found[name] = value;
    else wrong.push(describeWrong(name, text, schema));
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join("\n"));
  return found as Variables;
}

function readSecretFile({ FUNCTIONS_SECRET_FILE: path }: Record<string, string | undefined>): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new ConfigError(
      `FUNCTIONS_SECRET_FILE must be a file that can be read, got ${path}: ${(error as Error).message}`,
    );
  }
}

function readText(text: string, schema: SchemaWords): unknown {
  if (schema.type === "integer") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema.type === "array") return text.split(",").map((item) => item.trim());
  return text;
}

function describeWrong(name: string, text: string | undefined, schema: SchemaWords): string {
  const expected =
    schema.type === "array" ? `a comma list of ${describeExpected(schema.items!)}` : describeExpected(schema);
  return `${name} must be ${expected}, got ${describeGot(text, name === "FUNCTIONS_SECRET")}`;
}

function inheritedBy(environment: Record<string, string | undefined>): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !ownSecrets.includes(name)) inherited[name] = value;
  }
  return inherited;
}
