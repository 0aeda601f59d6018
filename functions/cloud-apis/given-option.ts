// What docker-machine would take for an option: what was given, else its variable, else the driver's default. Pure.
import type { DriverConfig, DriverOption, OptionValue } from "../contract.ts";
import { optionOf } from "../docker-machine/driver-options.ts";

export interface GivenOptions {
  driver: { name: string; options: readonly DriverOption[] };
  driverConfig: DriverConfig;
  /** Of the programs that the functions start. */
  environment: Readonly<Record<string, string>>;
  /** By the option's name: what counts instead, because the machine was made with it (recorded-options.ts). */
  recorded?: Readonly<Record<string, string>>;
}

/** Null: nobody gave one, and the driver has no default. Of a list the first. */
export function givenText(given: GivenOptions, name: string): string | null {
  const value = textOf(givenValue(given, name));
  return value === "" ? null : value;
}

export const isGivenSwitch = (given: GivenOptions, name: string): boolean =>
  /^(true|1|t)$/i.test(textOf(givenValue(given, name)));

function givenValue(given: GivenOptions, name: string): OptionValue | undefined {
  const { driver, driverConfig, environment, recorded = {} } = given;
  if (Object.hasOwn(recorded, name)) return recorded[name];
  const wanted = optionOf({ driver: driver.name, options: driver.options }, name);
  if (wanted === undefined) return undefined;
  const key = Object.keys(driverConfig).find(
    (each) => optionOf({ driver: driver.name, options: driver.options }, each) === wanted,
  );
  // Empty means, as everywhere: leave it to the driver.
  const value = key === undefined ? undefined : driverConfig[key];
  if (value !== undefined && value !== "" && value !== false) return value;
  const variable = wanted.environmentVariable === null ? undefined : environment[wanted.environmentVariable];
  return variable || (wanted.default ?? undefined);
}

function textOf(value: OptionValue | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value[0] ?? "";
  return typeof value === "object" ? value.content : String(value);
}
