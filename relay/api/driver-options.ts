// Do these options fit this driver? As far as its own help tells; the function looks again before it acts. Pure.
import type { Driver, DriverConfig, DriverOption, OptionValue } from "../../functions/contract.ts";
import { hideSecret, isSecretOption, secretMask } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import { nearestTo } from "./validation.ts";

/**
 * Without these a create fails for sure, unless the option's variable is set where the function runs. None of
 * amazonec2: its credentials may also be in a file there, or come with the instance.
 */
const requiredOptions: Readonly<Record<string, readonly string[]>> = {
  azure: ["subscriptionId"],
  container: [],
  digitalocean: ["accessToken"],
  exoscale: ["apiKey", "apiSecretKey"],
  generic: ["ipAddress"],
  google: ["project"],
  none: ["url"],
  rackspace: ["username", "apiKey", "region"],
  softlayer: ["user", "apiKey"],
};

/**
 * The options under the names of the driver's help.
 * @throws RelayError `option.unknown`, `option.invalid`
 */
export function checkOptions(driver: Driver, options: DriverConfig): DriverConfig {
  const known = driver.options ?? [];
  const checked: DriverConfig = {};
  for (const [name, value] of Object.entries(options)) {
    const option = findOption(known, name);
    if (!option) throw unknownOption(driver, name);
    if (option.name in checked) {
      throw invalidOption(name, "each option once", `${option.name} in two spellings`);
    }
    checkValue(option, name, value);
    checked[option.name] = value;
  }
  return checked;
}

/** @throws RelayError `option.missing` */
export function checkRequired(driver: Driver, options: DriverConfig): void {
  for (const name of requiredOptions[driver.name] ?? []) {
    const option = findOption(driver.options ?? [], name);
    if (!option || !isRequired(driver, option) || isGiven(options[option.name])) continue;
    throw new RelayError("option.missing", {
      message: `driver ${driver.name} needs ${option.name}: ${option.text}`,
      field: `driverConfig.${option.name}`,
      expected: option.text || "a value",
      got: "nothing",
    });
  }
}

function isGiven(value: OptionValue | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Must somebody give it? */
export function isRequired(
  { name: driver, options = [] }: Driver,
  { name, default: fallback, environmentVariable, isSetThere }: DriverOption,
): boolean {
  const isNeeded = requiredOptions[driver]?.some((needed) => findOption(options, needed)?.name === name) ?? false;
  // Functions that do not say what is set where they run are believed to have what can be.
  return isNeeded && !fallback && !(isSetThere ?? environmentVariable !== null);
}

/** The mask in place of a file stands for its content. */
export function readMaskedFiles({ options: known = [] }: Driver, options: DriverConfig): DriverConfig {
  return mapOptions(options, (name, value) =>
    value === secretMask && findOption(known, name)?.isFile ? { content: secretMask } : value,
  );
}

/** Checked options without the secrets in them, for a question that needs none. */
export function hideSecrets({ options: known = [] }: Driver, options: DriverConfig): DriverConfig {
  return mapOptions(options, (name, value) => {
    const option = findOption(known, name);
    return option ? hideSecret(option, value) : value;
  });
}

function mapOptions(options: DriverConfig, map: (name: string, value: OptionValue) => OptionValue): DriverConfig {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, map(name, value)]));
}

/** `accessToken`, `access-token`, `digitalocean-access-token`: all the same. */
function findOption(options: readonly DriverOption[], name: string): DriverOption | undefined {
  const wanted = plain(name);
  return options.find((option) => plain(option.name) === wanted || plain(option.flag) === wanted);
}

function plain(name: string): string {
  return name.replace(/[-._]/g, "").toLowerCase();
}

function unknownOption({ name: driver, options = [] }: Driver, name: string): RelayError {
  const names = options.map((option) => option.name);
  const nearest = nearestTo(name, names);
  return new RelayError("option.unknown", {
    message: `driver ${driver} has no option ${name.slice(0, 100)}${nearest ? `; did you mean ${nearest}?` : ""}`,
    field: `driverConfig.${name.slice(0, 100)}`,
    expected: nearest ?? `one of ${names.join(", ")}`,
    got: name.slice(0, 100),
  });
}

/** The same rules by which the function builds its flags. A secret's value is never repeated. */
function checkValue(option: DriverOption, name: string, value: OptionValue): void {
  // Empty means: leave it to the driver. A form sends such values for what nobody filled in.
  if (value === "" || value === false) return;
  const isContent = typeof value === "object" && !Array.isArray(value);
  if (option.isFile !== isContent) {
    if (!option.isFile) throw invalidOption(name, wanted(option), "the content of a file");
    const got = typeof value === "string" ? "text, a path perhaps" : "something else";
    throw invalidOption(name, 'the file\'s content, as {"content": "…"}', got);
  }
  const isSwitch = typeof value === "boolean";
  const misfits: Record<DriverOption["type"], boolean> = {
    text: isSwitch || Array.isArray(value),
    boolean: !isSwitch,
    list: isSwitch,
    unknown: false,
  };
  if (!isContent && misfits[option.type]) throw invalidOption(name, wanted(option), describe(option, value));
}

function wanted({ type }: DriverOption): string {
  return { text: "text", boolean: "true or false", list: "a list of texts", unknown: "text, or true or false" }[type];
}

function describe(option: DriverOption, value: OptionValue): string {
  if (isSecretOption(option.name, value)) return Array.isArray(value) ? "a list" : typeof value;
  return JSON.stringify(value).slice(0, 100);
}

function invalidOption(name: string, expected: string, got: string): RelayError {
  const field = `driverConfig.${name}`;
  return new RelayError("option.invalid", {
    message: `${field} must be ${expected}, got ${got}`,
    field,
    expected,
    got,
  });
}
