// A failure that ends the work of an event with an error reply: thrown deep inside, answered in one place.

import type { ReplyMachine } from "./contract.ts";
import { ArchiveError } from "./docker-machine/archive.ts";
import { FunctionProblem } from "./problem.ts";
import type { WorkResult } from "./work.ts";

export class WorkFailure extends Error {
  override readonly name = "WorkFailure";
  readonly code: string;
  /** What the reply says of the machine. Without `archive` the relay keeps the one that it has. */
  readonly machine: ReplyMachine;

  constructor(code: string, message: string, machine: ReplyMachine = {}) {
    super(message);
    this.code = code;
    this.machine = machine;
  }
}

/** @throws whatever is no failure of the work: an abort, or a defect of ours */
export async function answerFailures(work: () => Promise<WorkResult>): Promise<WorkResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkFailure) return failed(error.code, error.message, error.machine);
    if (error instanceof ArchiveError) return failed(error.code, error.message, {});
    // Found by `check` as a rule; what has changed since then is found here.
    if (error instanceof FunctionProblem) return failed(error.details.code, error.details.detail, {});
    throw error;
  }
}

const failed = (code: string, message: string, machine: ReplyMachine): WorkResult => ({
  transitioning: "error",
  code,
  message,
  machine,
});
