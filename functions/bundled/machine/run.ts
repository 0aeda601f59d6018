// A program with docker-machine's command line, words, streams and exit codes, for one of our drivers.
import { Failure, print, runProgram } from "../program.ts";
import type { Command } from "./command.ts";
import { buildCommands, describeCommand } from "./commands.ts";
import type { BundledDriver } from "./driver.ts";
import { type CommandLine, describeFlags, type Flag, FlagError, parseFlags } from "./flags.ts";
import { defaultStorePath } from "./storage.ts";

const globalFlags: readonly Flag[] = [
  { name: "debug", short: "D", kind: "switch", text: "Enable debug mode" },
  {
    name: "storage-path",
    short: "s",
    kind: "text",
    default: defaultStorePath(),
    text: "Configures storage path",
    environmentVariable: "MACHINE_STORAGE_PATH",
  },
  { name: "native-ssh", kind: "switch", text: "Accepted, and without effect" },
  { name: "version", short: "v", kind: "switch", text: "print the version" },
];

type Commands = Readonly<Record<string, Command>>;

export function runDockerMachine(driver: BundledDriver): Promise<void> {
  return runProgram(async (words) => {
    const commands = buildCommands(driver);
    const describe = () => describeProgram(driver, commands);
    // The first word that is no flag is the command: what follows is the command's.
    const start = findCommand(words);
    const line = parse(words.slice(0, start), globalFlags, describe, 0);
    const [name, ...rest] = words.slice(start);
    if (line.switches.version) print("stdout", driver.version);
    else if (name === undefined || name === "help" || line.isHelp) process.stdout.write(describe());
    else await runCommand(commands, name, rest, line.texts["storage-path"]!);
  });
}

async function runCommand(
  commands: Commands,
  name: string,
  words: readonly string[],
  storePath: string,
): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new Failure(`docker-machine: '${name}' is not a docker-machine command. See 'docker-machine --help'.`);
  }
  const line = parse(
    words,
    command.flags,
    () => describeCommand(name, command),
    command.usageErrorExitCode,
    command.check,
  );
  if (line.isHelp) process.stdout.write(describeCommand(name, command));
  else await command.run(line, storePath);
}

/** @throws Failure with the help, as docker-machine gives it to whoever mistypes */
function parse(
  words: readonly string[],
  flags: readonly Flag[],
  describe: () => string,
  usageErrorExitCode: 0 | 1,
  check: (line: CommandLine) => void = () => undefined,
): CommandLine {
  try {
    const line = parseFlags(words, flags);
    check(line);
    return line;
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    throw new Failure(error.message, usageErrorExitCode, `Incorrect Usage.\n\n${describe()}`);
  }
}

function findCommand(words: readonly string[]): number {
  let index = 0;
  while (index < words.length && words[index]!.startsWith("-")) {
    const takesValue = /^--?(s|storage-path)$/.test(words[index]!);
    index += takesValue ? 2 : 1;
  }
  return Math.min(index, words.length);
}

function describeProgram(driver: BundledDriver, commands: Commands): string {
  const widest = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  return `Usage: docker-machine [OPTIONS] COMMAND [arg...]

Create and manage ${driver.description}.

Version: ${driver.version.replace("docker-machine version ", "")}

Options:
${describeFlags(globalFlags).join("\n")}

Commands:
${Object.entries(commands)
  .map(([name, { usage }]) => `  ${name.padEnd(widest)}${usage}`)
  .join("\n")}

Run 'docker-machine COMMAND --help' for more information on a command.
`;
}
