// From what a person asked for to what docker-machine is given: arguments, environment, files. Pure.
import { distance } from "fastest-levenshtein";
import {
  type DriverConfig,
  type DriverOption,
  type EngineOptions,
  listEngineSecrets,
  type OptionValue,
} from "../contract.ts";
import { FunctionProblem } from "../problem.ts";

export interface CreateArguments {
  /** Engine options first, then the driver's in the order of their names. Without `create`, the driver and the machine's name. */
  arguments: string[];
  /** The secrets: docker-machine reads them from its environment, where the process list does not show them. */
  environment: Record<string, string>;
  /** To be written 0600 before the start; the paths are in the arguments. */
  files: OptionFile[];
}

export interface OptionFile {
  /** Below the directory of files. */
  name: string;
  content: string;
}

export interface OptionsInput {
  driver: string;
  options: readonly DriverOption[];
  driverConfig: DriverConfig;
  engine: EngineOptions;
  /** Where the files will be. */
  filesDirectory: string;
  /** The operator lets this driver's secrets be seen in the process list. */
  allowSecretArguments: boolean;
}

/** @throws FunctionProblem 422 `option.unknown`, `option.invalid`, `option.secretNeedsVariable` */
export function buildCreateArguments(input: OptionsInput): CreateArguments {
  const built: CreateArguments = { arguments: engineArguments(input), environment: {}, files: [] };
  const given = new Map<string, string>();
  for (const key of Object.keys(input.driverConfig).sort()) {
    const option = findOption(input, key);
    const twin = given.get(option.flag);
    if (twin !== undefined)
      throw invalid(`driverConfig.${key}`, `one of ${twin} and ${key}`, "both: they are the same");
    given.set(option.flag, key);
    addOption(built, option, key, input.driverConfig[key]!, input);
  }
  return built;
}

/** An option by its key: camelCase or kebab-case, with or without the driver's prefix, as a flag too. */
export function optionOf(
  { driver, options }: Pick<OptionsInput, "driver" | "options">,
  key: string,
): DriverOption | undefined {
  const wanted = plain(key);
  return options.find(({ name, flag }) => {
    const whole = plain(flag);
    return wanted === plain(name) || wanted === whole || `${plain(driver)}${wanted}` === whole;
  });
}

/** The options that were given, each with the key that it was given by. Empty means: leave it to the driver. */
export function givenOptions(
  input: Pick<OptionsInput, "driver" | "options">,
  driverConfig: DriverConfig,
): Map<DriverOption | undefined, string> {
  const given = Object.entries(driverConfig).filter(([, value]) => value !== "" && value !== false);
  return new Map(given.map(([key]) => [optionOf(input, key), key]));
}

/** @throws FunctionProblem 422 `option.unknown` */
export function findOption(input: Pick<OptionsInput, "driver" | "options">, key: string): DriverOption {
  const { driver, options } = input;
  const option = optionOf(input, key);
  if (option !== undefined) return option;
  const nearest = nearestOf(
    key,
    options.map(({ name }) => name),
  );
  throw new FunctionProblem({
    status: 422,
    code: "option.unknown",
    detail: `The driver ${driver} has no option ${key}.${nearest === null ? "" : ` Did you mean ${nearest}?`}`,
    field: `driverConfig.${key}`,
    expected: nearest === null ? "no options" : `an option of the driver, for example ${nearest}`,
    got: key,
  });
}

const plain = (name: string): string => name.replace(/[-._]/g, "").toLowerCase();

/** The name that was probably meant; null when there is none to choose from. */
export function nearestOf(name: string, candidates: readonly string[]): string | null {
  const byDistance = candidates.map((candidate) => ({ candidate, distance: distance(plain(name), plain(candidate)) }));
  return byDistance.sort((one, other) => one.distance - other.distance)[0]?.candidate ?? null;
}

function addOption(built: CreateArguments, option: DriverOption, key: string, value: OptionValue, input: OptionsInput) {
  const field = `driverConfig.${key}`;
  if (option.isFile) return addFile(built, option, field, value, input);
  if (isFileValue(value)) throw invalid(field, expectedOf(option), "a file's content: this option names no file");
  // Empty means: leave it to the driver. A form sends such values for what nobody filled in.
  if (value === "" || value === false) return;
  if (value === true) {
    if (option.type !== "boolean" && option.type !== "unknown") throw invalid(field, expectedOf(option), "true");
    built.arguments.push(option.flag);
    return;
  }
  if (option.type === "boolean") throw invalid(field, "true or false", describe(option, value));
  if (Array.isArray(value) && option.type === "text") throw invalid(field, "a text", "a list");
  const texts = (Array.isArray(value) ? value : [value]).map(String).filter((text) => text !== "");
  for (const text of texts) if (text.includes("\0")) throw invalid(field, "a text", "a text with a zero byte in it");
  if (!option.isSecret) {
    built.arguments.push(...texts.flatMap((text) => flagWithValue(option.flag, text)));
  } else if (texts.length > 0) {
    addSecret(built, option, field, texts, input);
  }
}

function addSecret(
  built: CreateArguments,
  option: DriverOption,
  field: string,
  texts: readonly string[],
  { driver, allowSecretArguments }: OptionsInput,
) {
  // A list is split at its commas when it comes from the environment.
  const fits = option.type !== "list" || !texts.some((text) => text.includes(","));
  if (option.environmentVariable !== null && fits) {
    built.environment[option.environmentVariable] = texts.join(",");
  } else if (allowSecretArguments) {
    built.arguments.push(...texts.flatMap((text) => flagWithValue(option.flag, text)));
  } else {
    throw new FunctionProblem({
      status: 422,
      code: "option.secretNeedsVariable",
      detail: `${option.flag} is a secret that the driver ${driver} takes on its command line only, where every process of the machine can read it. Allow that with ALLOW_SECRET_ARGUMENTS=${driver}.`,
      field,
      expected: "an option with an environment variable",
      got: "one without",
    });
  }
}

function addFile(
  built: CreateArguments,
  option: DriverOption,
  field: string,
  value: OptionValue,
  { filesDirectory }: OptionsInput,
) {
  if (value === "" || value === false) return;
  // A path would name a file of this machine: of no use to the next run, and a way to read files that are not theirs.
  if (!isFileValue(value))
    throw invalid(field, '{"content": "…"}', typeof value === "string" ? "a text" : "no content");
  const name = option.flag.replace(/^-+/, "");
  built.files.push({ name, content: value.content });
  built.arguments.push(option.flag, `${filesDirectory}/${name}`);
}

const isFileValue = (value: OptionValue): value is { content: string } =>
  typeof value === "object" && !Array.isArray(value);

/** A value that begins with a dash could be taken for an option of docker-machine itself (`-D` prints secrets). */
const flagWithValue = (flag: string, text: string): string[] =>
  text.startsWith("-") ? [`${flag}=${text}`] : [flag, text];

function expectedOf({ type }: DriverOption): string {
  return { text: "a text or a number", boolean: "true or false", list: "a list of texts", unknown: "a text" }[type];
}

function describe({ isSecret }: DriverOption, value: OptionValue): string {
  return isSecret ? `a ${typeof value}` : JSON.stringify(value).slice(0, 200);
}

function invalid(field: string, expected: string, got: string): FunctionProblem {
  const detail = `${field} must be ${expected}, got ${got}`;
  return new FunctionProblem({ status: 422, code: "option.invalid", detail, field, expected, got });
}

function engineArguments({ engine, driver, allowSecretArguments }: OptionsInput): string[] {
  const pairs = (map: Record<string, string> = {}) =>
    Object.keys(map)
      .sort()
      .map((key) => `${key}=${map[key]}`);
  if (!allowSecretArguments) refuseEngineSecrets(engine, driver);
  return [
    ...repeat("--engine-install-url", engine.installUrl ? [engine.installUrl] : []),
    ...repeat("--engine-opt", engine.options ?? []),
    ...repeat("--engine-env", pairs(engine.environment)),
    ...repeat("--engine-insecure-registry", engine.insecureRegistries ?? []),
    ...repeat("--engine-label", pairs(engine.labels)),
    ...repeat("--engine-registry-mirror", engine.registryMirrors ?? []),
    ...repeat("--engine-storage-driver", engine.storageDriver ? [engine.storageDriver] : []),
  ];
}

/** docker-machine takes all of the engine's options on its command line only. */
function refuseEngineSecrets(engine: EngineOptions, driver: string): void {
  const [secret] = listEngineSecrets(engine);
  if (secret === undefined) return;
  const field = `engine.${secret[0]}`;
  throw new FunctionProblem({
    status: 422,
    code: "option.secretNeedsVariable",
    detail: `${field} looks like a secret, and docker-machine takes the engine's options on its command line only, where every process of the machine can read them. Allow that with ALLOW_SECRET_ARGUMENTS=${driver}.`,
    field,
    expected: "no secrets",
    got: "a secret",
  });
}

const repeat = (flag: string, values: readonly string[]): string[] =>
  values.filter((value) => value !== "").flatMap((value) => flagWithValue(flag, value));
