// docker-machine's commands, served by one of our drivers.
import { Failure, print } from "../program.ts";
import type { Command } from "./command.ts";
import { commonFlags } from "./create-flags.ts";
import type { BundledDriver } from "./driver.ts";
import { describeFlags, type Flag } from "./flags.ts";
import type { MachineRecord } from "./record.ts";
import { driverNotFound, hasMachine, loadRecord } from "./storage.ts";

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
export function buildCommands(driver: BundledDriver): Readonly<Record<string, Command>> {
  function oneRecord(rest: readonly string[], storePath: string, helpOf?: string): MachineRecord {
    if (rest.length > 1) {
      const help = helpOf === undefined ? "" : describeCommand(helpOf, commands[helpOf]!);
      throw new Failure("Error: Expected one machine name as an argument", 1, help);
    }
    return loadRecord(storePath, rest[0] ?? defaultMachine(storePath), driver.name);
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
        await act(loadRecord(storePath, name, driver.name));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        problems.push(error.message);
      }
    }
    if (problems.length > 0) throw new Failure(problems.join("\n"));
  }

  const commands: Readonly<Record<string, Command>> = {
    active: {
      usage: "Print which machine is active",
      flags: [
        { name: "timeout", short: "t", kind: "integer", default: "10", text: "Timeout in seconds, default to 10s" },
      ],
      usageErrorExitCode: 0,
      run: async (_, storePath) => (await import("./show.ts")).showActive(driver, storePath, process.env.DOCKER_HOST),
    },
    census: {
      usage: "Show what the provider has that carries a machine's mark, a line of JSON for each",
      description: oneMachine,
      flags: driver.placeFlags,
      usageErrorExitCode: 1,
      run: async (line, storePath) => {
        const found = await driver.takeCensus(onlyArgument(line.rest, "one machine name"), storePath, line);
        for (const { id, name, machineName } of found) print("stdout", JSON.stringify({ id, name, machineName }));
      },
    },
    config: {
      usage: "Print the connection config for machine",
      description: oneMachine,
      flags: [{ name: "swarm", kind: "switch", text: "Display the Swarm config instead of the Docker daemon" }],
      usageErrorExitCode: 0,
      run: async ({ rest }, storePath) => {
        const record = loadRecord(storePath, rest[0] ?? defaultMachine(storePath), driver.name);
        await (await import("./show.ts")).showConfig(driver, record);
      },
    },
    create: {
      usage: "Create a machine",
      description:
        "Run 'docker-machine create --driver name --help' to include the create flags for that driver in the help text.",
      flags: [...commonFlags(driver.name), ...driver.flags],
      usageErrorExitCode: 1,
      check: ({ texts }) => {
        if (texts.driver !== driver.name) throw driverNotFound(texts.driver!);
      },
      run: async (line, storePath) => {
        const [name = "", ...extra] = line.rest;
        if (extra.length > 0) {
          throw new Failure(`Invalid command line. Found extra arguments [${extra.join(" ")}]`);
        }
        if (name === "")
          throw new Failure("Error: No machine name specified", 1, describeCommand("create", commands.create!));
        await (await import("./create.ts")).createMachine(driver, name, storePath, line);
      },
    },
    destroy: {
      usage: "Remove one thing that a census found, whether or not a machine is known for it",
      description: "Argument is the id that the census gave.",
      flags: driver.placeFlags,
      usageErrorExitCode: 1,
      run: (line, storePath) => driver.destroy(onlyArgument(line.rest, "one id"), storePath, line),
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
      run: ({ rest }, storePath) =>
        forEachMachine(rest, storePath, (record) => print("stdout", record.Driver.IPAddress)),
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
        await (await import("./list.ts")).listAllMachines(driver, storePath, options);
      },
    },
    provision: {
      usage: "Re-provision existing machines",
      flags: [],
      usageErrorExitCode: 0,
      run: ({ rest }, storePath) => forEachMachine(rest, storePath, (record) => driver.provisionMachine(record)),
    },
    "regenerate-certs": {
      usage: "Regenerate TLS Certificates for a machine",
      description: manyMachines,
      flags: [
        { name: "force", short: "f", kind: "switch", text: "Force rebuild and do not prompt" },
        { name: "client-certs", kind: "switch", text: "Also regenerate client certificates and CA." },
      ],
      usageErrorExitCode: 0,
      run: async ({ rest, switches }, storePath) => {
        const { confirm } = await import("./confirm.ts");
        const question = "Regenerate TLS machine certs?  Warning: this is irreversible.";
        const answer = switches.force || (await confirm(question));
        if (answer === null) throw new Failure("EOF");
        if (!answer) return;
        print("stdout", "Regenerating TLS certificates");
        await forEachMachine(rest, storePath, (record) => driver.provisionMachine(record));
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
          throw new Failure(
            "Error: Expected to get one or more machine names as arguments",
            1,
            describeCommand("rm", commands.rm!),
          );
        }
        const options = { isForced: switches.force!, isConfirmed: switches.y! };
        await (await import("./remove.ts")).removeMachines(driver, rest, storePath, options);
      },
    },
    status: {
      usage: "Get the status of a machine",
      description: oneMachine,
      flags: [],
      usageErrorExitCode: 0,
      run: async ({ rest }, storePath) => print("stdout", await driver.stateOf(oneRecord(rest, storePath))),
    },
    url: {
      usage: "Get the URL of a machine",
      description: oneMachine,
      flags: [],
      usageErrorExitCode: 0,
      run: ({ rest }, storePath) => print("stdout", driver.urlOf(oneRecord(rest, storePath))),
    },
    version: {
      usage: "Show the Docker Machine version or a machine docker version",
      flags: [],
      usageErrorExitCode: 0,
      run: async ({ rest }, storePath) => {
        if (rest.length === 0) print("stdout", driver.version);
        else await (await import("./show.ts")).showEngineVersion(driver, oneRecord(rest, storePath));
      },
    },
    ...driver.commands,
  };
  return commands;
}

/** The command's help, as docker-machine lays it out. */
export function describeCommand(name: string, { usage, description, flags }: Command): string {
  const lines = [`Usage: docker-machine ${name} ${flags.length > 0 ? "[OPTIONS] " : ""}[arg...]`, "", usage];
  if (description !== undefined) lines.push("", "Description:", `   ${description}`);
  // docker-machine sorts them in `create` only, where the driver's come in between.
  const sorted = name === "create" ? flags.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : flags;
  if (flags.length > 0) lines.push("", "Options:", "   ", ...describeFlags(sorted));
  return `${lines.join("\n")}\n`;
}

export function onlyArgument(rest: readonly string[], what: string): string {
  if (rest.length !== 1) throw new Failure(`Error: Expected ${what} as an argument`);
  return rest[0]!;
}

function defaultMachine(storePath: string): string {
  if (hasMachine(storePath, "default")) return "default";
  throw new Failure(noMachineName);
}
