// Builds what the work of one run is given. Everything that leaves it is masked here, and cut to its limits.
import type { Event } from "../contract.ts";
import type { ProgramGroups } from "../programs/program-groups.ts";
import { cutLine } from "../programs/program-output.ts";
import { runProgram } from "../programs/run-program.ts";
import type { WorkContext } from "../work.ts";
import { listEventSecrets } from "./event-secrets.ts";
import type { Lease } from "./lease.ts";
import { createMasker } from "./mask.ts";
import type { Transcript } from "./transcript.ts";

/** Of the contract's `progress` message and of a reply's. */
export const messageCharactersMax = 65_536;

export interface WorkSurroundings {
  event: Event;
  directory: string;
  signal: AbortSignal;
  deadlineAt: number;
  lease: Lease | null;
  groups: ProgramGroups;
  transcript: Transcript;
  /** What programs inherit. */
  environment: Readonly<Record<string, string>>;
}

export function createWorkContext(surroundings: WorkSurroundings): WorkContext {
  const { event, directory, signal, deadlineAt, lease, groups, transcript, environment } = surroundings;
  const masker = createMasker(listEventSecrets(event));
  return {
    event,
    directory,
    signal,
    deadlineAt,
    run(command, options = {}) {
      const onStart = (groupEmpty: Promise<void>) => groups.add(groupEmpty);
      return runProgram(command, options, { directory, environment, signal, lease, onStart });
    },
    progress(message, percent, stage) {
      const progress = percent === null ? null : Math.min(100, Math.max(0, percent));
      transcript.progress({ message: masker.mask(message).slice(0, messageCharactersMax), progress, stage });
    },
    log: (stream, line) => transcript.log({ stream, line: cutLine(masker.mask(line)) }),
    checkpoint: (archive) => transcript.checkpoint(archive),
    addSecrets: (values) => masker.add(values),
    mask: (text) => masker.mask(text),
  };
}
