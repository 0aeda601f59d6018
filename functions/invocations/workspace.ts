// Private temporary directories, one for each invocation, gone when it is over, swept at the next start if we were killed.
//
// <WORK_DIR>/<pid>-<when it started>@<host>/<random>/
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const hour = 60 * 60 * 1000;
/** Of a functions process on another host (a shared volume) nobody here can tell whether it lives; work never takes this long. */
const foreignAgeMsMax = 48 * hour;
const ownerName = /^(\d+)-(\d+)@(.+)$/;

/** Its message may be shown as it is. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
}

export interface Workspace {
  readonly directory: string;
  /** A new, empty directory that only this user can enter. */
  create(): Promise<string>;
  remove(directory: string): Promise<void>;
  /** Everything of this process. */
  close(): void;
}

/**
 * Takes its place below the work directory, and removes what dead functions processes have left there.
 * @throws WorkspaceError when the directory cannot be used
 */
export function openWorkspace(workDirectory: string): Workspace {
  prepare(workDirectory);
  sweep(workDirectory);
  const directory = join(workDirectory, `${process.pid}-${startOf(process.pid) ?? 0}@${hostname()}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    directory,
    create: () => mkdtemp(join(directory, "run-")),
    remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
    close: () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The default is below /tmp, where anybody could have put something in our way. */
function prepare(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    if (!found.isDirectory()) throw new Error("it is not a directory");
    if (process.getuid !== undefined && found.uid !== process.getuid()) throw new Error("it belongs to another user");
    chmodSync(path, 0o700);
  } catch (error) {
    throw new WorkspaceError(
      `WORK_DIR must be a directory of our own that can be written, got ${path}: ${(error as Error).message}`,
    );
  }
}

function sweep(workDirectory: string): void {
  for (const name of readdirSync(workDirectory)) {
    const [, pid, start, host] = ownerName.exec(name) ?? [];
    // Not ours: nothing is removed that we did not make.
    if (pid === undefined || start === undefined) continue;
    const path = join(workDirectory, name);
    const isStale = host === hostname() ? !isRunning(Number(pid), Number(start)) : isOld(path);
    if (isStale) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** In a container every start may get the same process id: only the time of its start tells two of them apart. */
function isRunning(pid: number, start: number): boolean {
  const startNow = startOf(pid);
  if (startNow !== null) return startNow === start;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in ticks since the machine did; null where there is no /proc, or no such process. */
function startOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return null;
  }
}

function isOld(path: string): boolean {
  const { mtimeMs } = lstatSync(path);
  return Date.now() - mtimeMs > foreignAgeMsMax;
}
