// Adds the recommended values to what a person gave. Pure, but for the look-ups that it is handed.
import type { AddedValue, DriverConfig, DriverOption } from "../contract.ts";
import { givenOptions } from "./driver-options.ts";
import type { KnownDriver } from "./drivers.ts";

export interface Recommended {
  driverConfig: DriverConfig;
  added: AddedValue[];
}

/** Finds a value at the provider, for one option of one driver. @throws WorkFailure in the provider's words */
export type LookUp = (driverConfig: DriverConfig) => Promise<string>;

/** With all values that need no look-up, and a placeholder for those that do. */
export function addRecommended(driver: KnownDriver, driverConfig: DriverConfig): Recommended {
  const added = listOpen(driver, driverConfig).map(({ name, recommended }) => ({
    option: name,
    value: recommended!.value ?? `<${recommended!.lookUp}>`,
    reason: recommended!.reason,
  }));
  return { driverConfig: { ...driverConfig, ...toConfig(added) }, added };
}

/**
 * With all of them.
 * @param lookUps by the option's name
 * @throws WorkFailure when a look-up fails
 */
export async function lookUpRecommended(
  driver: KnownDriver,
  driverConfig: DriverConfig,
  lookUps: Readonly<Record<string, LookUp>>,
): Promise<Recommended> {
  const { fixed, open } = Object.groupBy(listOpen(driver, driverConfig), ({ recommended }) =>
    recommended!.value === null ? "open" : "fixed",
  );
  const added: AddedValue[] = (fixed ?? []).map(({ name, recommended }) => ({
    ...{ option: name, value: recommended!.value!, reason: recommended!.reason },
  }));
  const known = { ...driverConfig, ...toConfig(added) };
  for (const { name, recommended } of open ?? []) {
    // What was added already may decide: the architecture of the instance type, for one.
    added.push({ option: name, value: await lookUps[name]!(known), reason: recommended!.reason });
  }
  return { driverConfig: { ...driverConfig, ...toConfig(added) }, added };
}

const toConfig = (added: readonly AddedValue[]): DriverConfig =>
  Object.fromEntries(added.map(({ option, value }) => [option, value]));

/** Those with a recommendation that neither a person nor the environment has given. */
function listOpen({ name, options }: KnownDriver, driverConfig: DriverConfig): DriverOption[] {
  const given = givenOptions({ driver: name, options }, driverConfig);
  return options.filter((option) => option.recommended && !option.isSetThere && !given.has(option));
}
