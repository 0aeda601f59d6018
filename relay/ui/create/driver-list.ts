// Which drivers a search finds, and which of them cannot be used for the same reason. Pure.
import type { Driver } from "../../../functions/contract.ts";

export function filterDrivers(drivers: readonly Driver[], search: string): Driver[] {
  const words = search.trim().toLowerCase();
  return drivers.filter(({ name, program }) => `${name} ${program?.name ?? ""}`.toLowerCase().includes(words));
}

/** Without docker-machine a dozen drivers are missing for one reason: it is said once. */
export function groupUnavailable(drivers: readonly Driver[]): { reason: string; names: string[] }[] {
  const byReason = Map.groupBy(
    drivers.filter(({ unavailable }) => unavailable !== null),
    ({ unavailable }) => unavailable as string,
  );
  return [...byReason].map(([reason, group]) => ({ reason, names: group.map(({ name }) => name) }));
}
