// Does this driver exist, can it be used, and do the options fit it? Asked when a wish comes in, so that its mistakes
// are answered at once. Where the functions cannot be reached the wish is taken as it is: they look again.
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CommandRequest,
  type Driver,
  type DriverConfig,
  type EngineOptions,
  hideEngineSecrets,
} from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { CommandView } from "./command-view.ts";
import { checkOptions, checkRequired, hideSecrets, readMaskedFiles } from "./driver-options.ts";
import type { FunctionsAccess } from "./parts.ts";
import { nearestTo } from "./validation.ts";

/** Functions that hang must not keep a person waiting. */
const answerMsMax = 5_000;
/** The end of a machine's name comes from its id, which it does not have yet. */
export const machineNameEnd = "-xxxxxxxx";
/** Made by the project: its machines are not real, even when nobody can be asked. */
const simulatedDriver = "simulated";

export interface NewMachine {
  name: string;
  driver: string;
  driverConfig: DriverConfig;
  engine: EngineOptions;
}

/**
 * @throws RelayError `driver.notFound`, `driver.unavailable`, `option.unknown`, `option.invalid`, `option.missing`, and as
 * the functions refuse the whole: they know which options go together, and which names a provider refuses
 */
export async function checkNewMachine(
  functions: FunctionsAccess,
  { name, driver, driverConfig, engine }: NewMachine,
): Promise<{ driverConfig: DriverConfig; isSimulated: boolean }> {
  const described = await findUsableDriver(functions, driver).catch(nullIfUnreachable);
  if (!described) return { driverConfig, isSimulated: driver === simulatedDriver };
  const checked = checkOptions(described, driverConfig);
  checkRequired(described, checked);
  const hidden = { driverConfig: hideSecrets(described, checked), engine: hideEngineSecrets(engine) };
  const request = { machineName: `${name}${machineNameEnd}`, ...hidden, isComplete: true };
  await inTime(functions.previewCommand(driver, request)).catch(nullIfUnreachable);
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

/**
 * The line that a create with these options would run. Required ones may be missing still, and secrets may be masked.
 * @throws RelayError `functions.unreachable`, `driver.notFound`, `driver.unavailable`, `option.unknown`, `option.invalid`, and as the functions refuse the options
 */
export async function previewCommand(
  functions: FunctionsAccess,
  driver: string,
  { machineName, driverConfig, engine }: CommandRequest,
): Promise<CommandView> {
  const described = await findUsableDriver(functions, driver);
  const checked = checkOptions(described, readMaskedFiles(described, driverConfig));
  const hidden = { driverConfig: hideSecrets(described, checked), engine: hideEngineSecrets(engine) };
  return inTime(functions.previewCommand(driver, { machineName, ...hidden }));
}

/** @throws RelayError `functions.unreachable`, `driver.notFound`, `driver.unavailable` */
async function findUsableDriver(functions: FunctionsAccess, name: string): Promise<Driver> {
  const driver = await describe(functions, name);
  if (driver.unavailable === null) return driver;
  throw new RelayError("driver.unavailable", {
    message: `driver ${name} is not available: ${driver.unavailable}`,
    field: "driver",
    expected: "a driver that is available",
    got: name,
  });
}

/** @throws RelayError `functions.unreachable`, `driver.notFound` */
async function describe(functions: FunctionsAccess, name: string): Promise<Driver> {
  try {
    return await inTime(functions.describeDriver(name));
  } catch (error) {
    if (error instanceof RelayError && error.code === "driver.unknown") throw await notFound(functions, name);
    throw error;
  }
}

function nullIfUnreachable(error: unknown): null {
  if (error instanceof RelayError && error.code === "functions.unreachable") return null;
  throw error;
}

/** @throws RelayError `functions.unreachable` when they take too long */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const slow = new AbortController();
  try {
    const first = await Promise.race([answer, sleep(answerMsMax, tooSlow, { signal: slow.signal })]);
    if (first !== tooSlow) return first as T;
    throw new RelayError("functions.unreachable", {
      message: `the functions have not answered within ${answerMsMax / 1000} s`,
    });
  } finally {
    slow.abort();
  }
}
const tooSlow = Symbol("too slow");

async function notFound(functions: FunctionsAccess, name: string): Promise<RelayError> {
  const drivers = await functions.listDrivers().catch(() => []);
  const names = drivers.map((driver) => driver.name);
  const nearest = nearestTo(name, names);
  return new RelayError("driver.notFound", {
    message: `there is no driver ${JSON.stringify(name)}${nearest ? `; did you mean ${nearest}?` : ""}`,
    field: "driver",
    expected: nearest ?? (names.length > 0 ? `one of ${names.join(", ")}` : "the name of a driver"),
    got: JSON.stringify(name),
  });
}
