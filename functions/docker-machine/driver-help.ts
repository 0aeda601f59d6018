// Reads the help of `create -d <driver> --help` of docker-machine and rancher-machine. Pure: text in, options out.
import { type DriverOption, isSecretOption } from "../contract.ts";

/** An option as one line of help shows it. `type` is unknown where the line does not tell a switch from a text. */
export type HelpOption = Omit<DriverOption, "name" | "isSecret" | "isFile">;

/**
 * Every option in a help text. A line is the flag with its default, tabs, and the text with the variable:
 *
 *     --generic-ssh-port "22"\t\tSSH port [$GENERIC_SSH_PORT]
 *     --generic-ip-address \t\tIP Address of machine [$GENERIC_IP_ADDRESS]      (a blank before the tabs: takes a text)
 *     --digitalocean-ipv6\t\tenable ipv6 for droplet [$DIGITALOCEAN_IPV6]       (none: a switch)
 *     --engine-opt [--engine-opt option --engine-opt option]\tSpecify …         (may be repeated)
 */
export function parseHelp(help: string): HelpOption[] {
  return help.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): HelpOption | null {
  const match = /^\s+(--[A-Za-z0-9][A-Za-z0-9._-]*)(?:, -\w)?(.*)$/.exec(line);
  if (match === null) return null;
  const [, flag, rest] = match as unknown as [string, string, string];
  const { type, defaultValue, text } = parseRest(flag, rest);
  const variables = /\s*\[((?:\$\w+(?:, )?)+)\]\s*$/.exec(text);
  return {
    flag,
    type,
    default: defaultValue,
    text: (variables === null ? text : text.slice(0, variables.index)).trim(),
    // The first of several is the one that wins.
    environmentVariable: variables?.[1]?.split(", ")[0]?.slice(1) ?? null,
  };
}

function parseRest(
  flag: string,
  rest: string,
): { type: HelpOption["type"]; defaultValue: string | null; text: string } {
  const repeated = ` [${flag} option ${flag} option]`;
  if (rest.startsWith(repeated)) return { type: "list", defaultValue: null, text: rest.slice(repeated.length) };
  const quoted = /^ "((?:[^"\\]|\\.)*)"(.*)$/.exec(rest);
  if (quoted !== null) {
    const [, defaultValue, text] = quoted as unknown as [string, string, string];
    return { type: "text", defaultValue, text };
  }
  // The column is the flag and, for a text, one blank; then come the tabs that align it.
  if (rest.startsWith("\t") || rest === "") return { type: "boolean", defaultValue: null, text: rest };
  if (rest.startsWith(" \t")) return { type: "text", defaultValue: null, text: rest };
  return { type: "unknown", defaultValue: null, text: rest };
}

/**
 * The driver's own options. What two drivers with nothing in common both list belongs to `create` itself; a driver's
 * own options need not begin with its name (`none` has `--url`).
 *
 * @param shared the help of two such drivers, or null where the program has none: then the name has to do
 */
export function ownOptions(driver: string, help: string, shared: readonly [string, string] | null): DriverOption[] {
  const prefix = `--${driver}-`;
  const common = shared === null ? null : flagsInBoth(shared);
  return parseHelp(help)
    .filter(({ flag }) => (common === null ? flag.startsWith(prefix) : !common.has(flag)))
    .map((option) => {
      const name = camelCase(option.flag.startsWith(prefix) ? option.flag.slice(prefix.length) : option.flag.slice(2));
      return { name, ...option, isSecret: isSecretOption(name), isFile: namesFile(option) };
    });
}

function flagsInBoth([first, second]: readonly [string, string]): Set<string> {
  const flags = (help: string) => new Set(parseHelp(help).map(({ flag }) => flag));
  return flags(first).intersection(flags(second));
}

export const camelCase = (kebab: string): string =>
  kebab.replace(/[-._]+([A-Za-z0-9])/g, (_, character: string) => character.toUpperCase());

const fileWords =
  /\b(path to|key path|file ?path|key ?file|file containing|user-?data file|path of)\b|certificate bundle/i;
const fileFlags =
  /-(ssh-key-path|ssh-keypath|keypath|key-file|data-file|userdata|user-data|cacert|cloud-config|cloudinit)$/;

function namesFile({ flag, text, type }: HelpOption): boolean {
  if (type !== "text" && type !== "unknown") return false;
  return fileFlags.test(flag) || fileWords.test(text);
}
