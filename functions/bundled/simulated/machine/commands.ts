// The commands, as data: what their help says, which flags they know, and what they do.
import { Failure, print } from "../program.ts";
import { commonFlags, driverFlags, driverName } from "./create-flags.ts";
import { type CommandLine, describeFlags, type Flag } from "./flags.ts";
import type { MachineRecord } from "./record.ts";
import { driverNotFound, hasMachine, loadRecord } from "./storage.ts";

export const programVersion = "docker-machine version 0.1.0, build simulated";

export interface Command {
  usage: string;
  description?: string;
  flags: readonly Flag[];
  /** Of a flag that nobody knows. docker-machine fails on it in `create` only. */
  usageErrorExitCode: 0 | 1;
  /** Looked at before help is given. */
  check?: (line: CommandLine) => void;
  run: (line: CommandLine, storePath: string) => Promise<void> | void;
}

const format: Flag = {
  name: "format",
  short: "f",
  kind: "text",
  text: "Format the output using the given go template.",
};
const oneMachine = "Argument is a machine name.";
const manyMachines = "Argument(s) are one or more machine names.";
const noMachineName = 'Error: No machine name(s) specified and no "default" machine exists';

// A command is loaded when it is called: every invocation of the functions waits for this program to start.
export const commands: Readonly<Record<string, Command>> = {
  census: {
    usage: "Show the simulated cloud's VMs that carry a machine's mark, a line of JSON for each",
    description: oneMachine,
    flags: [],
    usageErrorExitCode: 1,
    run: async ({ rest }, storePath) =>
      (await import("./census.ts")).takeCensus(onlyArgument(rest, "one machine name"), storePath),
  },
  config: {
    usage: "Print the connection config for machine",
    description: oneMachine,
    flags: [{ name: "swarm", kind: "switch", text: "Display the Swarm config instead of the Docker daemon" }],
    usageErrorExitCode: 0,
    run: async ({ rest }, storePath) => {
      (await import("./show.ts")).showConfig(loadRecord(storePath, rest[0] ?? defaultMachine(storePath)));
    },
  },
  create: {
    usage: "Create a machine",
    description:
      "Run 'docker-machine create --driver name --help' to include the create flags for that driver in the help text.",
    flags: [...commonFlags, ...driverFlags],
    usageErrorExitCode: 1,
    check: ({ texts }) => {
      if (texts.driver !== driverName) throw driverNotFound(texts.driver!);
    },
    run: async (line, storePath) => {
      const [name = "", ...extra] = line.rest;
      if (extra.length > 0) {
        throw new Failure(`Invalid command line. Found extra arguments [${extra.join(" ")}]`);
      }
      if (name === "") throw new Failure("Error: No machine name specified", 1, describeCommand("create"));
      await (await import("./create.ts")).createMachine(name, storePath, line);
    },
  },
  destroy: {
    usage: "Remove one VM of the simulated cloud, whether or not a machine is known for it",
    description: "Argument is a VM's id.",
    flags: [],
    usageErrorExitCode: 1,
    run: async ({ rest }, storePath) =>
      (await import("./census.ts")).destroyVm(onlyArgument(rest, "one VM's id"), storePath),
  },
  inspect: {
    usage: "Inspect information about a machine",
    description: oneMachine,
    flags: [format],
    usageErrorExitCode: 0,
    run: async ({ rest, texts }, storePath) => {
      (await import("./show.ts")).inspectMachine(oneRecord(rest, storePath, "inspect"), texts.format!);
    },
  },
  ip: {
    usage: "Get the IP address of a machine",
    description: manyMachines,
    flags: [],
    usageErrorExitCode: 0,
    run: ({ rest }, storePath) => forEachMachine(rest, storePath, (record) => print("stdout", record.Driver.IPAddress)),
  },
  ls: {
    usage: "List machines",
    flags: [
      { name: "quiet", short: "q", kind: "switch", text: "Enable quiet mode" },
      { name: "filter", kind: "list", text: "Filter output based on conditions provided" },
      { name: "timeout", short: "t", kind: "integer", default: "10", text: "Timeout in seconds, default to 10s" },
      { name: "format", short: "f", kind: "text", text: "Pretty-print machines using a Go template" },
    ],
    usageErrorExitCode: 0,
    run: async ({ switches, lists, texts }, storePath) => {
      const options = { isQuiet: switches.quiet!, filters: lists.filter!, format: texts.format! };
      (await import("./list.ts")).listAllMachines(storePath, options);
    },
  },
  provision: {
    usage: "Re-provision existing machines",
    flags: [],
    usageErrorExitCode: 0,
    run: async ({ rest }, storePath) => {
      const { provisionMachine } = await import("./create.ts");
      await forEachMachine(rest, storePath, provisionMachine);
    },
  },
  rm: {
    usage: "Remove a machine",
    description: manyMachines,
    flags: [
      {
        name: "force",
        short: "f",
        kind: "switch",
        text: "Remove local configuration even if machine cannot be removed, also implies an automatic yes (`-y`)",
      },
      {
        name: "y",
        kind: "switch",
        text: "Assumes automatic yes to proceed with remove, without prompting further user confirmation",
      },
    ],
    usageErrorExitCode: 0,
    run: async ({ rest, switches }, storePath) => {
      if (rest.length === 0) {
        throw new Failure("Error: Expected to get one or more machine names as arguments", 1, describeCommand("rm"));
      }
      const options = { isForced: switches.force!, isConfirmed: switches.y! };
      await (await import("./remove.ts")).removeMachines(rest, storePath, options);
    },
  },
  status: {
    usage: "Get the status of a machine",
    description: oneMachine,
    flags: [],
    usageErrorExitCode: 0,
    run: async ({ rest }, storePath) => (await import("./show.ts")).showStatus(oneRecord(rest, storePath)),
  },
  version: {
    usage: "Show the Docker Machine version or a machine docker version",
    flags: [],
    usageErrorExitCode: 0,
    run: async ({ rest }, storePath) => {
      if (rest.length === 0) print("stdout", programVersion);
      else (await import("./show.ts")).showEngineVersion(oneRecord(rest, storePath));
    },
  },
};

/** The command's help, as docker-machine lays it out. */
export function describeCommand(name: string): string {
  const { usage, description, flags } = commands[name]!;
  const lines = [`Usage: docker-machine ${name} ${flags.length > 0 ? "[OPTIONS] " : ""}[arg...]`, "", usage];
  if (description !== undefined) lines.push("", "Description:", `   ${description}`);
  // docker-machine sorts them in `create` only, where the driver's come in between.
  const sorted = name === "create" ? flags.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : flags;
  if (flags.length > 0) lines.push("", "Options:", "   ", ...describeFlags(sorted));
  return `${lines.join("\n")}\n`;
}

function onlyArgument(rest: readonly string[], what: string): string {
  if (rest.length !== 1) throw new Failure(`Error: Expected ${what} as an argument`);
  return rest[0]!;
}

function defaultMachine(storePath: string): string {
  if (hasMachine(storePath, "default")) return "default";
  throw new Failure(noMachineName);
}

function oneRecord(rest: readonly string[], storePath: string, helpOf?: string): MachineRecord {
  if (rest.length > 1) {
    const help = helpOf === undefined ? "" : describeCommand(helpOf);
    throw new Failure("Error: Expected one machine name as an argument", 1, help);
  }
  return loadRecord(storePath, rest[0] ?? defaultMachine(storePath));
}

/** Each is tried, whatever becomes of the others. */
async function forEachMachine(
  rest: readonly string[],
  storePath: string,
  act: (record: MachineRecord) => Promise<void> | void,
): Promise<void> {
  const problems: string[] = [];
  for (const name of rest.length > 0 ? rest : [defaultMachine(storePath)]) {
    try {
      await act(loadRecord(storePath, name));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new Failure(problems.join("\n"));
}
