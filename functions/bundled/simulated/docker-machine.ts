#!/usr/bin/env node
// A program with docker-machine's commands, words, streams and exit codes. Its machines are files in a directory.
import { commands, describeCommand, programVersion } from "./machine/commands.ts";
import { type CommandLine, describeFlags, type Flag, FlagError, parseFlags } from "./machine/flags.ts";
import { defaultStorePath } from "./machine/storage.ts";
import { Failure, print, runProgram } from "./program.ts";

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

await runProgram(async (words) => {
  // The first word that is no flag is the command: what follows is the command's.
  const start = findCommand(words);
  const line = parse(words.slice(0, start), globalFlags, describeProgram, 0);
  const [name, ...rest] = words.slice(start);
  if (line.switches.version) print("stdout", programVersion);
  else if (name === undefined || name === "help" || line.isHelp) process.stdout.write(describeProgram());
  else await runCommand(name, rest, line.texts["storage-path"]!);
});

async function runCommand(name: string, words: readonly string[], storePath: string): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new Failure(`docker-machine: '${name}' is not a docker-machine command. See 'docker-machine --help'.`);
  }
  const line = parse(words, command.flags, () => describeCommand(name), command.usageErrorExitCode, command.check);
  if (line.isHelp) process.stdout.write(describeCommand(name));
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

function describeProgram(): string {
  const widest = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  return `Usage: docker-machine [OPTIONS] COMMAND [arg...]

Create and manage machines that are not real: files in the directory named by SIMULATED_CLOUD_DIR.

Version: ${programVersion.replace("docker-machine version ", "")}

Options:
${describeFlags(globalFlags).join("\n")}

Commands:
${Object.entries(commands)
  .map(([name, { usage }]) => `  ${name.padEnd(widest)}${usage}`)
  .join("\n")}

Run 'docker-machine COMMAND --help' for more information on a command.
`;
}
