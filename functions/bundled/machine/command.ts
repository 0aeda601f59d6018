// A command, as data: what its help says, which flags it knows, and what it does.
import type { CommandLine, Flag } from "./flags.ts";

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
