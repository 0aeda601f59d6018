// From a form's values to what a PATCH says: only what changed; null removes an option. Pure.
import type { DriverConfigChange, OptionValue, secretMask as SecretMask } from "../../../functions/contract.ts";

/** Stands in every answer where a secret is. Only its type is imported: its module would make the page far heavier. */
const secretMask: typeof SecretMask = "********";

type Options = Readonly<Record<string, unknown>>;

/** What the form begins with: everything that can be read, and the names of the secrets that cannot. */
export function splitMasked(driverConfig: Options): { values: Record<string, OptionValue>; keptSecrets: string[] } {
  const entries = Object.entries(driverConfig);
  return {
    values: Object.fromEntries(entries.filter(([, value]) => !isMasked(value))) as Record<string, OptionValue>,
    keptSecrets: entries.filter(([, value]) => isMasked(value)).map(([name]) => name),
  };
}

export function changeOf(before: Options, values: Options): DriverConfigChange {
  const set = Object.entries(values).filter(
    ([name, value]) => !isEmpty(value) && !isMasked(value) && !isSame(value, before[name]),
  );
  // A secret that nobody typed anew stays as it is: it was never in the form.
  const removed = Object.entries(before).filter(([name, value]) => !isMasked(value) && isEmpty(values[name]));
  return Object.fromEntries([...set, ...removed.map(([name]) => [name, null])]) as DriverConfigChange;
}

/** The API names a field `driverConfig.size`: what is said of it, by the option's name. */
export function errorsByOption(error: { field?: string | undefined; message: string }): Record<string, string> {
  const name = /^driverConfig\.(.+)$/.exec(error.field ?? "")?.[1];
  return name === undefined ? {} : { [name]: error.message };
}

function isMasked(value: unknown): boolean {
  if (typeof value === "object" && value !== null && "content" in value) return value.content === secretMask;
  return value === secretMask;
}

/** An empty text, or nothing: left to the driver. */
const isEmpty = (value: unknown): boolean => value === undefined || value === "";

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
