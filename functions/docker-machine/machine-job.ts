// What create, bootstrap and delete work with: the machine, its restored storage, and docker-machine run for it.
import { setTimeout as wait } from "node:timers/promises";
import type { EventMachine } from "../contract.ts";
import { FunctionProblem } from "../problem.ts";
import type { ProgramResult, WorkContext } from "../work.ts";
import { buildCreateArguments, type CreateArguments } from "./driver-options.ts";
import { type KnownDriver, requireDriver } from "./drivers.ts";
import { type MachineStorage, openStorage } from "./machine-storage.ts";
import { secretsIn } from "./record.ts";
import { bundledNameOf, type Program, type Tools } from "./tools.ts";

export interface Job {
  context: WorkContext;
  tools: Tools;
  program: Program;
  driver: KnownDriver;
  machine: EventMachine;
  storage: MachineStorage;
  /** Runs docker-machine (or its look-alike) on this machine's storage. Every line is logged. @throws when aborted */
  run(programArguments: readonly string[], options: RunOptions): Promise<ProgramResult>;
  /** @throws when aborted */
  runCommand(command: readonly string[], options: RunOptions): Promise<ProgramResult>;
}

export interface RunOptions {
  timeoutMs: number;
  onLine?: (stream: "stdout" | "stderr", line: string) => void;
  environment?: Readonly<Record<string, string>>;
  /** False: what it prints is an answer to us (a list, a document) and of no use in the log. */
  isLogged?: boolean;
}

/** The machine's name as docker-machine takes it; the schema lets nothing else through, other callers may. */
const machineNamePattern = /^[0-9A-Za-z][0-9A-Za-z.-]*$/;

/** @throws FunctionProblem 422 `machine.nameInvalid` */
export function requireMachineName({ name, machineName }: Pick<EventMachine, "name" | "machineName">): void {
  for (const [field, value] of Object.entries({ name, machineName })) {
    if (machineNamePattern.test(value)) continue;
    throw new FunctionProblem({
      status: 422,
      code: "machine.nameInvalid",
      detail: `docker-machine takes no machine with the name ${JSON.stringify(value)}.`,
      field: `data.machine.${field}`,
      expected: "letters, digits, dots and dashes, a letter or digit first",
      got: value,
    });
  }
}

/**
 * @throws FunctionProblem when the driver cannot be used here
 * @throws ArchiveError when the archive cannot
 */
export async function openJob(context: WorkContext, tools: Tools): Promise<Job> {
  const { machine } = context.event.data;
  const { driver, program } = await requireDriver(tools, machine.driver);
  const storage = await openStorage(`${context.directory}/storage`, machine, program);
  const record = await storage.readRecord();
  // An older token than the event's may be in it.
  if (record !== null) context.addSecrets(secretsIn(record));
  const createArguments = buildArguments(tools, driver, machine, storage.filesDirectory);
  const environment = {
    ...program.environment,
    MACHINE_STORAGE_PATH: storage.directory,
    // Our own drivers mark with it what they make.
    ...(bundledNameOf(machine.driver) !== null && { MACHINE_RELAY_MACHINE_ID: machine.id }),
    // The fork reads credentials anew each time; for docker-machine they are in the record.
    ...createArguments?.environment,
  };

  const runCommand: Job["runCommand"] = async (command, options) => {
    context.signal.throwIfAborted();
    const result = await context.run(command, {
      timeoutMs: options.timeoutMs,
      environment: { ...options.environment },
      onLine: (stream, line) => {
        if (options.isLogged !== false) context.log(stream, line);
        options.onLine?.(stream, line);
      },
    });
    context.signal.throwIfAborted();
    return result;
  };
  return {
    context,
    tools,
    program,
    driver,
    machine,
    storage,
    runCommand,
    run: (programArguments, options) =>
      runCommand([...program.command, ...programArguments], {
        ...options,
        environment: { ...environment, ...options.environment },
      }),
  };
}

/** Null when they cannot be built: a machine whose options no longer make sense must still be deleted. */
function buildArguments(
  tools: Tools,
  driver: KnownDriver,
  machine: EventMachine,
  filesDirectory: string,
): CreateArguments | null {
  try {
    return buildArgumentsFor(tools, driver, machine, filesDirectory);
  } catch (error) {
    if (error instanceof FunctionProblem) return null;
    throw error;
  }
}

/** @throws FunctionProblem 422 for what is wrong with the options */
export function buildArgumentsFor(
  tools: Tools,
  driver: KnownDriver,
  machine: Pick<EventMachine, "driverConfig" | "engine">,
  filesDirectory: string,
): CreateArguments {
  return buildCreateArguments({
    driver: driver.name,
    options: driver.options,
    driverConfig: machine.driverConfig,
    engine: machine.engine,
    filesDirectory,
    allowSecretArguments: tools.config.allowSecretArguments?.includes(driver.name) ?? false,
  });
}

/** What follows the program's name. */
export const createCommand = (driver: string, built: CreateArguments, machineName: string): string[] => [
  ...["create", "-d", driver],
  ...built.arguments,
  machineName,
];

/** Waits, and says why. @throws when aborted */
export async function waitOut({ context }: Pick<Job, "context">, ms: number, reason: string): Promise<void> {
  if (ms <= 0) return;
  context.progress(`Waiting ${Math.ceil(ms / 1000)} s: ${reason}`, null, "settling");
  await wait(ms, undefined, { signal: context.signal });
}
