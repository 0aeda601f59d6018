// Does an agent's process still live? Exact where its process can be seen; by its sign of life where it cannot, since
// several functions in containers of their own may share one cloud.
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { hostname } from "node:os";

/** An agent touches its container's file this often. */
export const signOfLifeEveryMs = 1_000;
const signOfLifeMissedMs = 15 * signOfLifeEveryMs;

export interface AgentProcess {
  pid: number;
  /** Where that number means something. */
  namespace: string;
}

export function ownNamespace(): string {
  return `${hostname()} ${readIfThere(() => readlinkSync("/proc/self/ns/pid")) ?? ""}`;
}

/** @param containerId stands among the agent's arguments: another process may have its number by now */
export function isAgentAlive({ pid, namespace }: AgentProcess, containerId: string, containerFile: string): boolean {
  if (namespace !== ownNamespace()) {
    const touchedAt = readIfThere(() => statSync(containerFile).mtimeMs) ?? 0;
    return Date.now() - touchedAt < signOfLifeMissedMs;
  }
  return isOwnAgentAlive(pid, containerId);
}

/** Asks it to end, where it can be reached. Elsewhere it sees for itself that its container is gone. */
export function endAgent({ pid, namespace }: AgentProcess, containerId: string): void {
  if (namespace !== ownNamespace() || !isOwnAgentAlive(pid, containerId)) return;
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It ended by itself.
  }
}

function isOwnAgentAlive(pid: number, containerId: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has no arguments any more. Where there is no /proc, the number has to do.
  const commandLine = readIfThere(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  return commandLine === null || commandLine.includes(containerId);
}

function readIfThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
