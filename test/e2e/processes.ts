// Which processes of a program are alive on this machine, read from /proc.
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

/** A process id is used again; with its start time it is one process's. */
export interface ProcessIdentity {
  id: number;
  startTime: string;
}

export interface FoundProcess extends ProcessIdentity {
  /** Separated by spaces. */
  commandLine: string;
}

/**
 * Processes whose environment or arguments hold this text, of one program or of any.
 * @param program its path
 */
export function findProcesses(text: string, program?: string): FoundProcess[] {
  const path = program && realpathSync(program);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (path && readlinkSync(`/proc/${name}/exe`) !== path) return [];
        const commandLine = readWords(`/proc/${name}/cmdline`);
        const isMeant = commandLine.includes(text) || readWords(`/proc/${name}/environ`).includes(text);
        return isMeant ? [{ ...identify(Number(name)), commandLine }] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** Whatever should have ended and did not: the next test must not meet it. */
export function killProcesses(text: string): void {
  for (const { id } of findProcesses(text)) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It ended since we looked.
    }
  }
}

export function isAlive({ id, startTime }: ProcessIdentity): boolean {
  try {
    return identify(id).startTime === startTime && stateOf(id) !== "Z";
  } catch {
    return false;
  }
}

/** @throws Error with those that still live when the time is over */
export async function untilGone(processes: readonly FoundProcess[], withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (processes.some(isAlive)) {
    if (performance.now() > deadline) {
      throw new Error(
        `still alive: ${processes
          .filter(isAlive)
          .map(({ id, commandLine }) => `${id} ${commandLine}`)
          .join("\n")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function readWords(path: string): string {
  return readFileSync(path, "latin1").replaceAll("\0", " ");
}

/** The fields after the name, which stands in brackets and may hold anything. */
function fieldsOf(id: number): string[] {
  const text = readFileSync(`/proc/${id}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function identify(id: number): ProcessIdentity {
  return { id, startTime: fieldsOf(id)[19]! };
}

function stateOf(id: number): string {
  return fieldsOf(id)[0]!;
}
