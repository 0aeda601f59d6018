// What a variable of the environment may hold: each parser takes its text, or says what it expected. Pure.
import { isIP } from "node:net";
import { RelayError } from "./errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Variable<T> {
  variable: string;
  fallback: T;
  /** @throws Expected */
  parse: (value: string) => T;
  /** May come from the file that `<variable>_FILE` names, and is shown in no error. */
  isSecret?: boolean;
}

/** Thrown by a parser: what it would have taken. */
class Expected extends Error {}

export const keyCharactersMin = 16;

/** @throws RelayError `config.invalid` */
export function readVariable<T>(
  { variable, fallback, parse, isSecret = false }: Variable<T>,
  environment: Environment,
  readFile: (path: string) => string,
): T {
  const value = environment[variable]?.trim() || (isSecret ? readSecretFile(variable, environment, readFile) : "");
  if (!value) return fallback;
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    throw invalid(variable, error.message, isSecret ? `${value.length} characters of something else` : quote(value));
  }
}

function readSecretFile(variable: string, environment: Environment, readFile: (path: string) => string): string {
  const name = `${variable}_FILE`;
  const path = environment[name]?.trim();
  if (!path) return "";
  try {
    const value = readFile(path).trim();
    if (value) return value;
  } catch (cause) {
    throw invalid(
      name,
      "a file that can be read",
      `${quote(path)} (${(cause as NodeJS.ErrnoException).code ?? cause})`,
    );
  }
  throw invalid(name, "a file with the secret in it", `${quote(path)}, which is empty`);
}

export function invalid(variable: string, expected: string, got: string): RelayError {
  return new RelayError("config.invalid", {
    message: `${variable} must be ${expected}, got ${got}`,
    field: variable,
    expected,
    got,
  });
}

function quote(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

export function whole(
  variable: string,
  fallback: number,
  { minimum, maximum }: { minimum: number; maximum: number },
): Variable<number> {
  return {
    variable,
    fallback,
    parse(value) {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= minimum && number <= maximum) return number;
      throw new Expected(`a whole number from ${minimum} to ${maximum}`);
    },
  };
}

/** 0: any that is free. */
export function port(variable: string, fallback: number): Variable<number> {
  return whole(variable, fallback, { minimum: 0, maximum: 65_535 });
}

export function text(value: string): string {
  return value;
}

export function host(value: string): string {
  if (isIP(value) !== 0 || isHostName(value)) return value;
  throw new Expected("an IP address or a host name to listen on");
}

/** Digits and dots alone are an address with a typing mistake, not a name. */
function isHostName(value: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$/.test(value) && /[A-Za-z]/.test(value);
}

/** Without the slash at its end. */
export function url(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  const isPlain = parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password && !parsed.hash;
  if (isPlain) return value.replace(/\/+$/, "");
  throw new Expected("an http or https URL without user and password");
}

export function hostAndPort(value: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  const address = bracketed ?? plain ?? "";
  const isAddress = bracketed ? isIP(bracketed) === 6 : isIP(address) === 4 || isHostName(address);
  if (isAddress && Number(port) <= 65_535) return { host: address, port: Number(port) };
  throw new Expected("host:port");
}

/** Separated by commas. */
export function list(value: string): readonly string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

export function key(value: string): string {
  if (isKey(value)) return value;
  throw new Expected(`at least ${keyCharactersMin} printable characters without a space`);
}

function isKey(value: string): boolean {
  return value.length >= keyCharactersMin && /^[\x21-\x7e]+$/.test(value);
}

/** Separated by commas or line ends, so that a file may hold one on each line. */
export function keys(value: string): readonly string[] {
  const all = list(value.replace(/\s+/g, ","));
  if (all.every(isKey)) return all;
  throw new Expected(`keys of at least ${keyCharactersMin} printable characters each, separated by commas`);
}

/** A JSON list of texts, or words separated by spaces. */
export function command(value: string): readonly string[] {
  if (!value.startsWith("[")) return value.split(/\s+/);
  const parsed = parseJson(value);
  if (Array.isArray(parsed) && parsed.length > 0 && parsed.every((word) => typeof word === "string")) return parsed;
  throw new Expected('words separated by spaces, or a JSON list of texts like ["sh","-c","…"]');
}

/** A JSON object of texts, or `NAME=value` separated by commas. */
export function pairs(value: string): Readonly<Record<string, string>> {
  const parsed = value.startsWith("{")
    ? parseJson(value)
    : Object.fromEntries(list(value).map((item) => item.split(/=(.*)/s, 2)));
  const isRight =
    typeof parsed === "object" &&
    parsed !== null &&
    Object.entries(parsed).every(([name, each]) => /^[A-Za-z_]\w*$/.test(name) && typeof each === "string");
  if (isRight) return parsed as Record<string, string>;
  throw new Expected('NAME=value separated by commas, or a JSON object of texts like {"NAME":"value"}');
}

export function logLevel(value: string): "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent" {
  const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
  const level = levels.find((each) => each === value);
  if (level) return level;
  throw new Expected(`one of ${levels.join(", ")}`);
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
