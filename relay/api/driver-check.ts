// Does this driver exist, can it be used, and do the options fit it? Asked when a wish comes in, so that its mistakes
// are answered at once. Where the functions cannot be reached the wish is taken as it is: they look again.
import { setTimeout as sleep } from "node:timers/promises";
import type { Driver, DriverConfig } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import { checkOptions, checkRequired } from "./driver-options.ts";
import type { FunctionsAccess } from "./parts.ts";
import { nearestTo } from "./validation.ts";

/** Functions that hang must not keep a person waiting. */
const answerMsMax = 5_000;
/** Made by the project: its machines are not real, even when nobody can be asked. */
const simulatedDriver = "simulated";

/** @throws RelayError `driver.notFound`, `driver.unavailable`, `option.unknown`, `option.invalid`, `option.missing` */
export async function checkNewMachine(
  functions: FunctionsAccess,
  { driver, driverConfig }: { driver: string; driverConfig: DriverConfig },
): Promise<{ driverConfig: DriverConfig; isSimulated: boolean }> {
  const described = await describe(functions, driver);
  if (!described) return { driverConfig, isSimulated: driver === simulatedDriver };
  if (described.unavailable !== null) {
    throw new RelayError("driver.unavailable", {
      message: `driver ${driver} is not available: ${described.unavailable}`,
      field: "driver",
      expected: "a driver that is available",
      got: driver,
    });
  }
  const checked = checkOptions(described, driverConfig);
  checkRequired(described, checked);
  return { driverConfig: checked, isSimulated: described.isSimulated };
}

/** @throws RelayError `option.unknown`, `option.invalid` */
export async function checkChange(
  functions: FunctionsAccess,
  driver: string,
  driverConfig: DriverConfig,
): Promise<DriverConfig> {
  const described = await describe(functions, driver).catch(() => null);
  // Without its help there is nothing to compare with.
  return described?.options && described.options.length > 0 ? checkOptions(described, driverConfig) : driverConfig;
}

/** Null: they did not say. */
async function describe(functions: FunctionsAccess, name: string): Promise<Driver | null> {
  const slow = new AbortController();
  try {
    return await Promise.race([functions.describeDriver(name), sleep(answerMsMax, null, { signal: slow.signal })]);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    if (error.code === "functions.unreachable") return null;
    if (error.code === "driver.unknown") throw await notFound(functions, name);
    throw error;
  } finally {
    slow.abort();
  }
}

async function notFound(functions: FunctionsAccess, name: string): Promise<RelayError> {
  const names = (await functions.listDrivers()).map((driver) => driver.name);
  const nearest = nearestTo(name, names);
  return new RelayError("driver.notFound", {
    message: `there is no driver ${JSON.stringify(name)}${nearest ? `; did you mean ${nearest}?` : ""}`,
    field: "driver",
    expected: nearest ?? `one of ${names.join(", ")}`,
    got: JSON.stringify(name),
  });
}
