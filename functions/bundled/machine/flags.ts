// Reads a command line as docker-machine does, and describes its flags as docker-machine's help does.
import { alignWithTabs } from "../table.ts";

export interface Flag {
  name: string;
  short?: string;
  kind: "text" | "integer" | "switch" | "list";
  default?: string;
  text: string;
  environmentVariable?: string;
}

export interface CommandLine {
  texts: Record<string, string>;
  switches: Record<string, boolean>;
  lists: Record<string, string[]>;
  rest: string[];
  isHelp: boolean;
}

/** The command line is wrong; the words are those of Go's flag package. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

const help: Flag = { name: "help", short: "h", kind: "switch", text: "show help" };

/** @throws FlagError */
export function parseFlags(
  words: readonly string[],
  flags: readonly Flag[],
  environment: NodeJS.ProcessEnv = process.env,
): CommandLine {
  const line = readDefaults(flags, environment);
  const waiting = moveFlagsFirst(words);
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === "--") return { ...line, rest: waiting };
    if (!word.startsWith("-") || word === "-") return { ...line, rest: [word, ...waiting] };
    readFlag(word, waiting, flags, line);
  }
  return line;
}

/** One line for each flag. */
export function describeFlags(flags: readonly Flag[]): string[] {
  return alignWithTabs(flags.map((flag) => [describeNames(flag), describeText(flag)]));
}

/** What stands before the first flag goes behind the last one: `rm web-1 -y` means `rm -y web-1`. */
function moveFlagsFirst(words: readonly string[]): string[] {
  const first = words.findIndex((word) => word.startsWith("-") && word !== "-");
  return first === -1 ? [...words] : [...words.slice(first), ...words.slice(0, first)];
}

function readDefaults(flags: readonly Flag[], environment: NodeJS.ProcessEnv): CommandLine {
  const line: CommandLine = { texts: {}, switches: {}, lists: {}, rest: [], isHelp: false };
  for (const flag of flags) {
    const given = (flag.environmentVariable && environment[flag.environmentVariable]) || undefined;
    if (flag.kind === "switch") line.switches[flag.name] = given !== undefined && readSwitch(flag.name, given);
    else if (flag.kind === "list") line.lists[flag.name] = given === undefined ? [] : given.split(",");
    else line.texts[flag.name] = checkText(flag, given ?? flag.default ?? "");
  }
  return line;
}

function readFlag(word: string, waiting: string[], flags: readonly Flag[], line: CommandLine): void {
  const [, name, given] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  const flag = [...flags, help].find((candidate) => name === candidate.name || name === candidate.short);
  if (flag === undefined) throw new FlagError(`flag provided but not defined: -${name ?? word}`);
  if (flag === help) {
    line.isHelp = true;
  } else if (flag.kind === "switch") {
    line.switches[flag.name] = given === undefined || readSwitch(flag.name, given);
  } else {
    const value = given ?? waiting.shift();
    if (value === undefined) throw new FlagError(`flag needs an argument: -${name}`);
    if (flag.kind === "list") line.lists[flag.name]!.push(value);
    else line.texts[flag.name] = checkText(flag, value);
  }
}

function readSwitch(name: string, value: string): boolean {
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw new FlagError(`invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`);
}

function checkText(flag: Flag, value: string): string {
  if (flag.kind !== "integer" || (/^[+-]?\d+$/.test(value) && Number.isSafeInteger(Number(value)))) return value;
  throw new FlagError(`invalid value ${JSON.stringify(value)} for flag -${flag.name}: parse error`);
}

function describeNames(flag: Flag): string {
  const names = [flag.name, flag.short]
    .filter((name) => name !== undefined)
    .map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
    .join(", ");
  if (flag.kind === "switch") return `   ${names}`;
  if (flag.kind === "list") return `   ${names} [${names} option ${names} option]`;
  return `   ${names} ${flag.default ? `"${flag.default}"` : ""}`;
}

function describeText(flag: Flag): string {
  return flag.environmentVariable ? `${flag.text} [$${flag.environmentVariable}]` : flag.text;
}
