// What a deletion destroys, what a forced one may leave behind, and what has to be typed before. Pure.
import type { MachineView } from "../../api/machine-view.ts";

const containersNamedMax = 3;

export type Fate =
  /** There is no such host. */
  | "simulated"
  /** Only its agent ends: the host was there before, and stays. */
  | "joined"
  | "kept"
  /** It is destroyed. */
  | "container"
  | "vm";

export function fateOf({ simulated, driver }: MachineView): Fate {
  if (simulated) return "simulated";
  if (driver === "joined") return "joined";
  // Made by somebody else: docker-machine has nothing to remove there.
  if (driver === "generic" || driver === "none") return "kept";
  return driver === "container" ? "container" : "vm";
}

/** In a sentence or two. */
export function describeDestruction(machine: MachineView): string {
  switch (fateOf(machine)) {
    case "simulated":
      return "A simulated machine: there is no such host, so nothing real is destroyed.";
    case "joined":
      return "The host stays as it is, with all that runs on it. Only its agent stops, and it leaves this list.";
    case "kept":
      return "The host stays as it is, with all that runs on it. Its agent is removed, and the keys to reach it from here are forgotten.";
    case "container":
      return `The container ${machine.machineName} of the local Docker engine is destroyed, with everything in it.${describeLoad(machine)}`;
    case "vm":
      if (!isKnownToExist(machine)) {
        return `Whatever was made of the VM ${machine.machineName} at ${machine.driver} is destroyed, with its disk and its SSH key.`;
      }
      return `The VM ${machine.machineName} at ${machine.driver} is destroyed, with its disk, its SSH key and everything on it.${describeLoad(machine)}`;
  }
}

function isKnownToExist({ providerId, ipAddress }: MachineView): boolean {
  return providerId !== null || ipAddress !== null;
}

/** For a row of a list. */
export function describeShortly(machine: MachineView): string {
  if (machine.state === "deleted") return "deleted already";
  if (machine.state === "deleting") return "being deleted already";
  return fates[fateOf(machine)].shortly;
}

/** What a forced deletion may leave, and what it means. */
export function describeRemains(machine: MachineView): string {
  return fates[fateOf(machine)].remains;
}

const staying = {
  shortly: "the host stays as it is",
  remains: "The host stays as it is. Its agent may go on running there, as a container.",
};
const fates: Readonly<Record<Fate, typeof staying>> = {
  simulated: { shortly: "not real", remains: "Nothing real can be left behind." },
  joined: staying,
  kept: staying,
  container: {
    shortly: "the container is destroyed",
    remains: "Its container may go on running at the local Docker engine, with everything in it.",
  },
  vm: {
    shortly: "the VM and its disk are destroyed",
    remains:
      "The VM, its disk, its address and its SSH key may be left behind, and cost money until somebody removes them.",
  },
};

/** Nobody should find out afterwards what ran there. */
function describeLoad({ agent: { containers } }: MachineView): string {
  const running = containers.filter(({ state }) => state === "running").map(({ name }) => name);
  if (running.length === 0) return "";
  const more = running.length - containersNamedMax;
  const names = running.slice(0, containersNamedMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return ` Running on it now: ${names}.`;
}

/**
 * What has to be typed: the name of one real machine; of several, what is done and to how many, so that nobody types for
 * minutes, and nobody by habit. Null: simulated ones only.
 */
export function wordsToType(machines: readonly MachineView[], verb: "delete" | "force"): string | null {
  if (machines.every(({ simulated }) => simulated)) return null;
  return machines.length === 1 ? machines[0]!.name : `${verb} ${machines.length}`;
}

/** Names that are read from the screen may come with spaces around them, and never in other letters. */
export function isTyped(typed: string, wanted: string | null): boolean {
  return wanted === null || typed.trim() === wanted;
}

/** Deleting a joined host asks no provider, so there is nothing to force. */
export function isForceable(machine: MachineView): boolean {
  return machine.state !== "deleted" && fateOf(machine) !== "joined";
}

/** Could something be left that only the provider knows? */
export function leavesRemains(machine: MachineView): boolean {
  const fate = fateOf(machine);
  return fate === "vm" || fate === "container";
}

type Place = [name: string, value: string];

/** With what one finds, at the provider, what was left. Empty: there is no provider. */
export function whereToLook(machine: MachineView): Place[] {
  const { driver, machineName, providerId, ipAddress, driverConfig } = machine;
  if (!leavesRemains(machine)) return [];
  return [
    ["Provider", driver],
    ["Name there", machineName],
    ["Id there", providerId ?? "not known: look for the name"],
    ...(ipAddress === null ? [] : [["Address", ipAddress] as Place]),
    ...placesOf(driver, driverConfig),
  ];
}

/** As the drivers call it. Only what says where to look: the rest is on the machine's own page. */
const placeWords = /^(region|zone|availability-?zone|data-?center|location|project(-?id)?|resource-?group|endpoint)$/i;

function placesOf(driver: string, options: Readonly<Record<string, unknown>>): Place[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const word = name.startsWith(`${driver}-`) ? name.slice(driver.length + 1) : name;
    return placeWords.test(word) && typeof value === "string" && value !== "" ? [[name, value] as Place] : [];
  });
}
