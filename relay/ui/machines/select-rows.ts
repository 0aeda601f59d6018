// Which machines the list shows, and in which order. Pure.
import type { MachineView } from "../../api/machine-view.ts";
import { situationOf } from "../machine/situation.ts";
import type { ListQuery, Sort, SortColumn, StateFilter } from "./list-query.ts";

type Filter = Pick<ListQuery, "search" | "state" | "driver" | "label">;
type Compare = (one: MachineView, other: MachineView) => number;

const busyStates: readonly MachineView["state"][] = ["requested", "creating", "created", "bootstrapping"];
/** What wants a person first, what is over last. */
const stateOrder: readonly MachineView["state"][] = ["error", ...busyStates, "active", "deleting", "deleted"];
const agentOrder: readonly MachineView["agent"]["state"][] = ["reconnecting", "waiting", "connected", "left", "none"];

/** `web-9` before `web-10`, and 10.0.0.9 before 10.0.0.10. */
const { compare: compareText } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const newestFirst: Compare = (one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1);

const comparisons: Readonly<Record<SortColumn, Compare>> = {
  name: (one, other) => compareText(one.name, other.name),
  state: (one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state),
  progress: (one, other) => (one.transitioningProgress ?? -1) - (other.transitioningProgress ?? -1),
  driver: (one, other) => compareText(one.driver, other.driver),
  address: (one, other) => compareText(one.ipAddress ?? "", other.ipAddress ?? ""),
  agent: (one, other) => agentOrder.indexOf(one.agent.state) - agentOrder.indexOf(other.agent.state),
  age: newestFirst,
};

export function selectRows(machines: readonly MachineView[], query: Filter & Pick<ListQuery, "sort">): MachineView[] {
  return machines.filter(matcherOf(query)).sort(comparisonOf(query.sort));
}

/** Equal ones stay newest first, so that no order depends on which change came last. */
function comparisonOf({ column, isDescending }: Sort): Compare {
  const compare = comparisons[column];
  return (one, other) => (isDescending ? compare(other, one) : compare(one, other)) || newestFirst(one, other);
}

function matcherOf({ search, state, driver, label }: Filter): (machine: MachineView) => boolean {
  const words = search.trim().toLowerCase();
  const [labelName, labelValue] = splitLabel(label);
  return (machine) =>
    hasState(machine, state) &&
    (driver === "" || machine.driver === driver) &&
    (labelName === "" || hasLabel(machine, labelName, labelValue)) &&
    (words === "" || isFound(machine, words));
}

function hasState(machine: MachineView, filter: StateFilter): boolean {
  if (filter === "") return machine.state !== "deleted";
  if (filter === "attention") return needsAttention(machine);
  if (filter === "busy") return busyStates.includes(machine.state);
  return machine.state === filter;
}

/** It will not come right by itself, or has not so far. */
function needsAttention(machine: MachineView): boolean {
  if (machine.state === "deleted") return false;
  return situationOf(machine).kind !== "well" || machine.agent.state === "reconnecting";
}

/** `["tier", "web"]`; without `=` any value will do. */
function splitLabel(label: string): [name: string, value: string | null] {
  const at = label.indexOf("=");
  return at === -1 ? [label.trim(), null] : [label.slice(0, at).trim(), label.slice(at + 1).trim()];
}

function hasLabel({ labels }: MachineView, name: string, value: string | null): boolean {
  return Object.hasOwn(labels, name) && (value === null || labels[name] === value);
}

/** By what somebody may have in hand: a name, an address, an id of ours or of the provider. */
function isFound({ name, machineName, id, ipAddress, providerId }: MachineView, words: string): boolean {
  return [name, machineName, id, ipAddress, providerId].some((text) => text?.toLowerCase().includes(words));
}

/** What the label filter can be, for the machines that are there: each name, and each name with its value. */
export function listLabels(machines: readonly MachineView[], most: number): string[] {
  const labels = new Set<string>();
  for (const machine of machines) {
    if (machine.state === "deleted") continue;
    for (const [name, value] of Object.entries(machine.labels)) labels.add(name).add(`${name}=${value}`);
  }
  return [...labels].sort(compareText).slice(0, most);
}

export function listDrivers(machines: readonly MachineView[]): string[] {
  return [...new Set(machines.map(({ driver }) => driver))].sort(compareText);
}

export interface Count {
  all: number;
  error: number;
}

export function countMachines(machines: readonly MachineView[]): Count {
  const count = { all: 0, error: 0 };
  for (const { state } of machines) {
    if (state !== "deleted") count.all += 1;
    if (state === "error") count.error += 1;
  }
  return count;
}
