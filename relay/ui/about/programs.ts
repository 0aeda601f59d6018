// Which program serves which drivers. Pure.
import type { Driver } from "../../../functions/contract.ts";

type Program = NonNullable<Driver["program"]>;

export interface ProgramDrivers {
  program: Program;
  drivers: { name: string; isSimulated: boolean }[];
}

/** Those that work here, by their program; and those that do not, with how to get them. Both by name. */
export function readDrivers(drivers: readonly Driver[]): {
  programs: ProgramDrivers[];
  unavailable: { name: string; why: string }[];
} {
  const programs = new Map<string, ProgramDrivers>();
  const unavailable: { name: string; why: string }[] = [];
  for (const { name, program, unavailable: why, isSimulated } of drivers.toSorted(byName)) {
    // One that is there and lacks what it needs, an engine for `container`, names its program too.
    if (!program || why !== null) {
      unavailable.push({ name, why: why ?? "not available here" });
      continue;
    }
    const known = programs.get(program.path) ?? { program, drivers: [] };
    known.drivers.push({ name, isSimulated });
    programs.set(program.path, known);
  }
  return { programs: [...programs.values()].sort((one, other) => byName(one.program, other.program)), unavailable };
}

/** Several drivers that are missing for the same reason are told of once. */
export function groupUnavailable(
  unavailable: readonly { name: string; why: string }[],
): { names: string[]; why: string }[] {
  const groups = new Map<string, string[]>();
  for (const { name, why } of unavailable) groups.set(why, [...(groups.get(why) ?? []), name]);
  return [...groups].map(([why, names]) => ({ names, why }));
}

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
