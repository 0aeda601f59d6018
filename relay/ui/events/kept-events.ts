// The newest events of the bus, and what of them is shown. Pure.
import type { BusEvent } from "../client/bus-event.ts";

/** More would make the tab heavy; the oldest go first. */
export const eventsMax = 1_000;
/** A name that nobody would read to its end is one chip less. */
export const namesMax = 100;
export const logName = "resource.log";

/** Something heard, or the place of what may have been missed. */
export type Kept =
  | { kind: "event"; key: number; event: BusEvent; machineName: string | null }
  | { kind: "gap"; key: number; at: number };

export interface Filter {
  /** Names that are not shown. */
  hiddenNames: ReadonlySet<string>;
  /** A part of the machine's name, or of its id. */
  machine: string;
  /** A part of the event as JSON, in any case. */
  text: string;
}

/** Newest first: those that came go before those that were there. */
export function addNewest(kept: readonly Kept[], came: readonly Kept[]): Kept[] {
  return [...came.toReversed(), ...kept].slice(0, eventsMax);
}

/** `machine.create;handler=dns` is a machine.create. */
export const familyOf = (name: string): string => name.split(";", 1)[0] ?? name;

/** The machine's name as the event itself has it. */
export function machineNameIn({ data }: Pick<BusEvent, "data">): string | null {
  const machine = (data as { machine?: { name?: unknown } } | null)?.machine;
  return typeof machine?.name === "string" ? machine.name : null;
}

export function filterEvents(kept: readonly Kept[], filter: Filter): Kept[] {
  const machine = filter.machine.trim().toLowerCase();
  const text = filter.text.trim().toLowerCase();
  return kept.filter((each) => {
    // Where something may be missing is worth knowing under every filter.
    if (each.kind === "gap") return true;
    const { event, machineName } = each;
    if (filter.hiddenNames.has(familyOf(event.name))) return false;
    if (machine !== "" && !`${machineName ?? ""}\n${event.resourceId ?? ""}`.toLowerCase().includes(machine))
      return false;
    return text === "" || toText(event).includes(text);
  });
}

const texts = new WeakMap<BusEvent, string>();

/** Made once for each event: somebody types letter by letter. */
function toText(event: BusEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event).toLowerCase();
  texts.set(event, text);
  return text;
}

/** How many of each name, by name. */
export function countNames(counts: ReadonlyMap<string, number>, came: readonly Kept[]): Map<string, number> {
  const added = new Map(counts);
  for (const each of came) {
    if (each.kind === "gap") continue;
    const name = familyOf(each.event.name);
    if (added.has(name) || added.size < namesMax) added.set(name, (added.get(name) ?? 0) + 1);
  }
  return new Map([...added].sort(([one], [other]) => one.localeCompare(other)));
}

/** The families that there are, without the flood of log lines. */
const withoutLogs = ["machine.*", "process.*", "resource.change", "host.*"];

/** The same for a terminal: those names that are shown. */
export function curlLine(
  { seen, hiddenNames }: { seen: readonly string[]; hiddenNames: ReadonlySet<string> },
  { origin, hasKey }: { origin: string; hasKey: boolean },
): string {
  const hidden = seen.filter((name) => hiddenNames.has(name) && name !== logName);
  const shown = seen.filter((name) => !hiddenNames.has(name));
  const isFlooded = !hiddenNames.has(logName);
  // Names that were not seen yet would be shown as well, as long as nobody chose.
  const names = hidden.length > 0 && shown.length > 0 ? shown : isFlooded ? ["*"] : withoutLogs;
  const header = hasKey ? ' -H "authorization: Bearer $KEY"' : "";
  return `curl -sN${header} '${origin}/v1/subscribe?${names.map((name) => `eventNames=${name}`).join("&")}'`;
}
