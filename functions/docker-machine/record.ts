// docker-machine's record of a machine (config.json), as text: what it says, and the three changes that we make to it.
// Pure. Numbers keep the digits that they were written with, since the record is docker-machine's and not ours.
import { type DriverConfig, isSecretOption } from "../contract.ts";
import { providerIdField, providerIdIn } from "./provider-id.ts";

export type DriverFields = Readonly<Record<string, unknown>>;

/** `Driver` of a record. Null: this is no record (half written, or something else). */
export function driverFieldsOf(record: string): DriverFields | null {
  try {
    const parsed: unknown = JSON.parse(record);
    return isObject(parsed) && isObject(parsed.Driver) ? parsed.Driver : null;
  } catch {
    return null;
  }
}

export const providerIdOf = (driver: string, record: string): string | null =>
  providerIdIn(driver, driverFieldsOf(record) ?? {});

/**
 * Every string that is `from` or a path below it gets `to` instead. All else stays byte for byte.
 */
export function rewritePaths(record: string, from: string, to: string): string {
  const prefix = withoutSlash(from);
  if (prefix === "") return record;
  return record.replace(/"(?:[^"\\]|\\.)*"/g, (token) => {
    const text = JSON.parse(token) as string;
    if (text !== prefix && !text.startsWith(`${prefix}/`)) return token;
    return JSON.stringify(withoutSlash(to) + text.slice(prefix.length));
  });
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, "");

/**
 * With the id that a person found at the provider.
 * Null: the driver's record has no place for one.
 */
export function withProviderId(driver: string, record: string, providerId: string): string | null {
  const fields = driverFieldsOf(record);
  const field = fields === null ? null : providerIdField(driver, fields);
  if (fields === null || field === null) return null;
  const isNumber = typeof fields[field] === "number";
  if (isNumber && !/^[1-9]\d{0,18}$/.test(providerId)) return null;
  return change(record, (driverFields) => {
    driverFields[field] = isNumber ? rawNumber(providerId) : providerId;
  });
}

/** Fields that are not called like the option. */
const fieldAliases: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  softlayer: { user: ["Client", "User"], apikey: ["Client", "ApiKey"] },
  vmwarevcloudair: { password: ["UserPassword"] },
};
const credentialNames = /^(user|username|clientid|accesskey|apikey)$/;

/**
 * With the credentials of `driverConfig` in place of the recorded ones: a rotated token must not make delete impossible.
 * Nothing else is laid over: many drivers record another form of an option than the one that was given.
 */
export function withCredentials(driver: string, record: string, driverConfig: DriverConfig): string {
  const credentials = Object.entries(driverConfig).flatMap(([key, value]): [string, string][] => {
    const name = plain(key.startsWith(`${driver}-`) ? key.slice(driver.length + 1) : key);
    const isCredential = isSecretOption(key) || credentialNames.test(name);
    return isCredential && typeof value === "string" && value !== "" ? [[name, value]] : [];
  });
  if (credentials.length === 0) return record;
  let isChanged = false;
  const changed = change(record, (fields) => {
    for (const [name, value] of credentials) {
      const path = fieldAliases[driver]?.[name] ?? [Object.keys(fields).find((field) => plain(field) === name) ?? name];
      const holder = path.slice(0, -1).reduce<unknown>((inner, step) => (isObject(inner) ? inner[step] : null), fields);
      const field = path.at(-1)!;
      // Only where the driver has kept one: docker-machine knows what it needs.
      if (!isObject(holder) || typeof holder[field] !== "string" || holder[field] === value) continue;
      holder[field] = value;
      isChanged = true;
    }
  });
  return isChanged ? changed : record;
}

/** The secrets that a record holds, to be masked. */
export function secretsIn(record: string): string[] {
  const secrets: string[] = [];
  const collect = (value: unknown, name: string): void => {
    if (isObject(value)) for (const [inner, innerValue] of Object.entries(value)) collect(innerValue, inner);
    else if (typeof value === "string" && value.length >= secretCharactersMin && isSecretOption(name))
      secrets.push(value);
  };
  collect(driverFieldsOf(record), "");
  return secrets;
}

/** What is shorter would mask half of every line. */
const secretCharactersMin = 4;

const plain = (name: string): string => name.replace(/[-._]/g, "").toLowerCase();

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Not yet in TypeScript's library: a number as it was written. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
const rawNumber = (digits: string): unknown => rawJSON(digits);

function change(record: string, alter: (fields: Record<string, unknown>) => void): string {
  const keepDigits = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  const parsed = JSON.parse(record, keepDigits as (key: string, value: unknown) => unknown) as { Driver: unknown };
  if (isObject(parsed.Driver)) alter(parsed.Driver);
  return JSON.stringify(parsed, null, 4);
}
