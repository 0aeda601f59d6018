// What a bundled driver brings. All else of docker-machine, its commands, words, files and exit codes, is the same for
// every driver and lies beside this file.
import type { Command } from "./command.ts";
import type { CommandLine, Flag } from "./flags.ts";
import type { MachineRecord } from "./record.ts";

/** What the provider has under a machine's mark. */
export interface FoundMachine {
  id: string;
  name: string;
  machineName: string;
}

/** Every function throws Failure, with the words that docker-machine would put its own before. */
export interface BundledDriver {
  name: string;
  /** What `--version` says. */
  version: string;
  /** What its machines are: a part of the program's help. */
  description: string;
  /** Of `create`, besides docker-machine's own. */
  flags: readonly Flag[];
  /** What a census and a removal must be told to look at the right place where there is no record. */
  placeFlags: readonly Flag[];
  /** Commands that docker-machine has not, besides census and destroy. */
  commands: Readonly<Record<string, Command>>;
  /** The name is a good one, and nobody has it. */
  createMachine(name: string, storePath: string, line: CommandLine): Promise<void>;
  /** Sets up again what runs: `provision`, `regenerate-certs`. */
  provisionMachine(record: MachineRecord): Promise<void>;
  /** At the provider. Gone already is fine. */
  removeRemote(record: MachineRecord): Promise<void>;
  takeCensus(machineName: string, storePath: string, line: CommandLine): Promise<FoundMachine[]>;
  /** Gone already is fine. */
  destroy(id: string, storePath: string, line: CommandLine): Promise<void>;
  /** `Running`, `Stopped`, … */
  stateOf(record: MachineRecord): Promise<string>;
  /** Where the machine's engine answers. */
  urlOf(record: MachineRecord): string;
  /** Asks the machine's engine; its failure says why it does not answer. */
  engineVersionOf(record: MachineRecord): Promise<string>;
}
