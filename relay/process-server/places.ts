// Which driver options say *where* a machine is, so that changing them would lose sight of it. Pure.
import type { DriverConfig } from "../../functions/contract.ts";

/**
 * In the words of docker-machine's drivers: account, region, zone, endpoint; of our own `container` the engine. Compared
 * without case and dashes.
 */
const placeWords =
  /^(endpoint|api-?url|auth-?url|region|zone|availability-?zone|data-?center|location|environment|subscription-?id|project|project-?id|tenant-?(id|name)|domain-?(id|name)|account|username|resource-?group|vcenter|host|docker-?host|hypervisor|vpc-?id|org|vdc)$/i;

/** Drivers whose machines are made by somebody else: there is nothing that could be lost sight of. */
export const placeless: ReadonlySet<string> = new Set(["generic", "none"]);

/** The place options whose values differ, without the driver's prefix. */
export function placeChanges(driver: string, before: DriverConfig, after: DriverConfig): string[] {
  if (placeless.has(driver)) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) => isPlace(driver, name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

/** `region nyc3`, `zone a`: for a person who has to go and look. */
export function describePlace(config: DriverConfig): string[] {
  return Object.entries(config)
    .filter(([name, value]) => placeWords.test(name) && typeof value === "string")
    .map(([name, value]) => `${name} ${value}`);
}

function isPlace(driver: string, name: string): boolean {
  return placeWords.test(name.startsWith(`${driver}-`) ? name.slice(driver.length + 1) : name);
}
