// All machines, kept alive by the bus. One copy for the whole page: every view reads it here.
import { signal } from "@preact/signals";
import type { MachineView } from "../../api/machine-view.ts";
import { type BusEvent, openStream, type Stream } from "../client/event-stream.ts";
import { getMachine, listMachines } from "../client/machines.ts";
import { announceChange } from "./announcements.ts";
import { hearTime } from "./clock.ts";
import { restWhileHidden } from "./visibility.ts";

/** More would make the tab heavy: the newest are shown, and the page says so. */
export const machinesMax = 10_000;
/** Deleted machines that are loaded when somebody filters for them. */
const deletedMax = 200;
/** However many changes come, the page is drawn at most this often. */
const drawEveryMs = 200;

const machines = new Map<string, MachineView>();
/** Grows when something in the map has changed: read it to be drawn again. */
const version = signal(0);
let drawing: ReturnType<typeof setTimeout> | undefined;

export type Loading = { state: "loading" } | { state: "ready"; isCut: boolean } | { state: "failed"; error: unknown };
export const loading = signal<Loading>({ state: "loading" });

export type Connection = { state: "connecting" | "live" } | { state: "lost"; retryAt: number };
export const connection = signal<Connection>({ state: "connecting" });

let stream: Stream | null = null;
let stopResting = () => {};

/** Called once there is a key, or it is known that none is needed. */
export function startMachines(): void {
  stream ??= openStream({
    names: ["resource.change"],
    onEvent: hear,
    onOpen({ missed }) {
      connection.value = { state: "live" };
      if (missed) void loadMachines();
    },
    onLost({ retryAt }) {
      connection.value = { state: "lost", retryAt };
    },
  });
  stopResting();
  stopResting = restWhileHidden(stream);
}

/** Forgets everything: somebody logged out, or the key is no longer good. */
export function stopMachines(): void {
  stream?.close();
  stream = null;
  stopResting();
  machines.clear();
  loading.value = { state: "loading" };
  connection.value = { state: "connecting" };
  draw();
}

export const retryConnection = (): void => stream?.retry();

/** All that are known, deleted ones included where they were loaded or went while the page was open. */
export function allMachines(): MachineView[] {
  version.value;
  return [...machines.values()];
}

export function machineById(id: string): MachineView | undefined {
  version.value;
  return machines.get(id);
}

/** An answer of the API is news too, and may be here before its event. */
export function putMachine(machine: MachineView): void {
  put(machine);
}

/** For one that the list does not have, such as a deleted one. @throws ApiError `machine.unknown` */
export async function loadMachine(id: string): Promise<MachineView> {
  const machine = await getMachine(id);
  put(machine);
  return machine;
}

export async function loadDeleted(): Promise<void> {
  const { data } = await listMachines(null, { state: ["deleted"] });
  for (const machine of data.slice(0, deletedMax)) put(machine);
}

/** Everything anew: what went away while nobody listened must go here too. */
export async function loadMachines(): Promise<void> {
  const seen = new Set<string>();
  try {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listMachines>> = await listMachines(cursor);
      for (const machine of page.data) {
        seen.add(machine.id);
        put(machine);
      }
      cursor = page.next;
    } while (cursor !== null && seen.size < machinesMax);
    if (cursor === null) dropUnseen(seen);
    loading.value = { state: "ready", isCut: cursor !== null };
  } catch (error) {
    // What is on the page stays there; the banner says that the relay is away.
    if (loading.value.state !== "ready") loading.value = { state: "failed", error };
  }
}

function dropUnseen(seen: ReadonlySet<string>): void {
  for (const [id, { state }] of machines) {
    if (seen.has(id) || state === "deleted") continue;
    // Made after its page was read, or gone: only the relay knows.
    loadMachine(id).catch(() => {
      machines.delete(id);
      draw();
    });
  }
}

function hear({ time, data }: BusEvent): void {
  hearTime(time);
  const { machine } = data as { machine: MachineView };
  announceChange(machines.get(machine.id), machine);
  put(machine);
}

/** Of two views of one machine the newer stays: an answer may arrive after the event that overtook it. */
function put(machine: MachineView): void {
  const known = machines.get(machine.id);
  if (known && known.updatedAt > machine.updatedAt) return;
  machines.set(machine.id, machine);
  draw();
}

function draw(): void {
  if (drawing !== undefined) return;
  drawing = setTimeout(() => {
    drawing = undefined;
    version.value += 1;
  }, drawEveryMs);
}
