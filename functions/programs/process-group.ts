// Is anybody of a process group still alive, and how is the whole of it ended? Shared by the supervisor and the functions.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const pollMsMin = 2;
const pollMsMax = 100;

/** A zombie does not count: it does nothing any more, and where process 1 reaps nobody it stays for ever. */
export function isGroupEmpty(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // EPERM: somebody is there who is not ours.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
  }
  return !hasLiving(group);
}

/** SIGKILLs the group until nobody of it is left. Resolves then; never rejects, and never gives up. */
export async function endGroup(group: number): Promise<void> {
  for (let waitMs = pollMsMin; ; waitMs = Math.min(2 * waitMs, pollMsMax)) {
    // Again each time: a process that was being forked a moment ago must not get away.
    killGroup(group);
    if (isGroupEmpty(group)) return;
    await delay(waitMs);
  }
}

/** Resolves to true as soon as the group is empty, to false when it is not after that time. */
export async function waitForEmptyGroup(group: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (let waitMs = pollMsMin; ; waitMs = Math.min(2 * waitMs, pollMsMax)) {
    if (isGroupEmpty(group)) return true;
    if (performance.now() >= until) return false;
    await delay(waitMs);
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // ESRCH: empty. EPERM: not ours to kill; the caller sees that it is not empty.
  }
}

/** Where there is no /proc, whoever answers a signal counts as living. */
function hasLiving(group: number): boolean {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return true;
  }
  if (!names.includes("self")) return true;
  return names.some((name) => /^\d+$/.test(name) && isLivingMember(name, group));
}

function isLivingMember(pid: string, group: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command in parentheses may itself hold spaces and parentheses; the last one closes it.
    const [state, , processGroup] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return Number(processGroup) === group && state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
