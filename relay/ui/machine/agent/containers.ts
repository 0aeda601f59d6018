// What is said of an agent and its containers. Pure.
import type { MachineView } from "../../../api/machine-view.ts";

/** An agent that starts needs seconds to report in, also where its image must be fetched first. */
const lateAfterMs = 60_000;
/** As docker itself shortens them. */
const idCharacters = 12;

/** Is it active for so long that something must be in the agent's way? */
export function isLate(
  { state, updatedAt, agent }: Pick<MachineView, "state" | "updatedAt" | "agent">,
  now: number,
): boolean {
  return state === "active" && agent.state === "waiting" && now - updatedAt > lateAfterMs;
}

export const shortId = (id: string): string => id.replace(/^sha256:/, "").slice(0, idCharacters);

/** Those that run first, then by name: in each report the order is another. */
export function sortContainers<C extends { name: string; state: string }>(containers: readonly C[]): C[] {
  const isStopped = ({ state }: C) => Number(state !== "running");
  return containers.toSorted((one, other) => isStopped(one) - isStopped(other) || compare(one.name, other.name));
}

const { compare } = new Intl.Collator(undefined, { numeric: true });
