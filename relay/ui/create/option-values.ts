// What an option of docker-machine's help is to a person, and what its value is to the API. Pure.
import type { DriverOption, OptionValue } from "../../../functions/contract.ts";

/** By the option's name; one that is absent is left to the driver. */
export type OptionValues = Record<string, OptionValue>;
/** `isRequired`: it has no default, and nothing is set for it where the functions run. */
export type FormOption = DriverOption & { isRequired?: boolean };

/** The API's own limit for the content of a file. */
export const contentCharactersMax = 262_144;

const shortWords = /^(ami|api|aws|cpu|dns|ebs|gb|gce|iam|id|ip|json|os|ssh|tls|url|vm|vpc)$/;
const oddWords: Readonly<Record<string, string>> = { cpus: "CPUs", ipv6: "IPv6", mb: "MB" };

/** `sshKeyPath` → `SSH key path` */
export function titleOf({ name }: Pick<DriverOption, "name">): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s._-]+/)
    .map((word) => word.toLowerCase())
    .map((word) =>
      shortWords.test(word) ? word.toUpperCase() : Object.hasOwn(oddWords, word) ? oddWords[word] : word,
    );
  const title = words.join(" ");
  return title.slice(0, 1).toUpperCase() + title.slice(1);
}

export function typeOf({ type, isFile, isSecret }: DriverOption): string {
  if (isFile) return "a file's content";
  if (isSecret) return "secret";
  return { text: "text", boolean: "switch", list: "list", unknown: "text or switch" }[type];
}

/** Values that the help names: `…: ok, fail, hang`, `(adminURL, internalURL or publicURL)`. Proposed, never enforced. */
export function choicesOf({ text, type, isSecret, isFile }: DriverOption): string[] {
  if (type !== "text" || isSecret || isFile) return [];
  const [, inParentheses, atEnd] = /\(([^()]+)\)\s*$|: ([^:]+)$/.exec(text) ?? [];
  const listed = inParentheses?.replace(/^i\.e\.\s*/, "") ?? atEnd;
  if (listed === undefined) return [];
  // An example of a list (`e.g. key1,value1`) is no list of examples; that one has blanks.
  const separator = inParentheses?.startsWith("i.e.") ? /,\s*/ : /,\s+or\s+|,\s+|\s+or\s+/;
  const choices = listed.replace(/^e\.g\.\s*/, "").split(separator);
  return choices.length > 1 && choices.every((choice) => /^[\w.-]+$/.test(choice)) ? choices : [];
}

/** Every word that was typed is somewhere in it. */
export function matchesSearch(option: DriverOption, search: string): boolean {
  const { name, flag, text, environmentVariable } = option;
  const all = [name, titleOf(option), flag, text, environmentVariable ?? ""].join("\n").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function isGiven(value: OptionValue | undefined): boolean {
  if (value === undefined || value === "" || value === false) return false;
  if (Array.isArray(value)) return value.some((text) => text !== "");
  return typeof value === "object" ? value.content !== "" : true;
}

/** Those that the driver cannot do without, and that nobody has filled in. */
export function listMissing(options: readonly FormOption[], values: OptionValues): FormOption[] {
  return options.filter(({ name, isRequired }) => isRequired && !isGiven(values[name]));
}

/** What is sent: nothing that nobody filled in, and nothing that the driver does not have. */
export function listGiven(options: readonly FormOption[], values: OptionValues): OptionValues {
  const given = options.flatMap(({ name }) => {
    const value = values[name];
    if (value === undefined || !isGiven(value)) return [];
    return [[name, Array.isArray(value) ? value.filter((text) => text !== "") : value] as const];
  });
  return Object.fromEntries(given);
}
