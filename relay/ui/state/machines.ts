// All machines, kept alive by the bus. One copy for the whole page: every view reads it here.
import { signal } from "@preact/signals";
import type { MachineView } from "../../api/machine-view.ts";
import type { BusEvent } from "../client/bus-event.ts";
import { openStream, type Stream } from "../client/event-stream.ts";
import { getMachine, listMachines } from "../client/machines.ts";
import { runEach } from "../parts/run-each.ts";
import { announceChange } from "./announcements.ts";
import { hearTime } from "./clock.ts";
import { KnownMachines } from "./known-machines.ts";

/** More would make the tab heavy: the newest are shown, and the page says so. */
export const machinesMax = 10_000;
/** However many changes come, the page is drawn at most this often. */
const drawEveryMs = 200;

const machines = new KnownMachines();
/** Grows when something of them has changed: read it to be drawn again. */
const version = signal(0);
let drawing: ReturnType<typeof setTimeout> | undefined;

export type Loading = { state: "loading" } | { state: "ready"; isCut: boolean } | { state: "failed"; error: unknown };
export const loading = signal<Loading>({ state: "loading" });

export type Connection = { state: "connecting" | "live" } | { state: "lost"; retryAt: number };
export const connection = signal<Connection>({ state: "connecting" });

/** The list could not be loaded when something had been missed. */
let isBehind = false;

let stream: Stream | null = null;

/** Called once there is a key, or it is known that none is needed. */
export function startMachines(): void {
  stream ??= openStream({
    names: ["resource.change"],
    onEvent: hear,
    onOpen({ missed }) {
      connection.value = { state: "live" };
      if (missed || isBehind) void loadMachines();
    },
    onLost({ retryAt }) {
      connection.value = { state: "lost", retryAt };
    },
  });
}

/** Forgets everything: somebody logged out, or the key is no longer good. */
export function stopMachines(): void {
  stream?.close();
  stream = null;
  machines.clear();
  loading.value = { state: "loading" };
  connection.value = { state: "connecting" };
  draw();
}

export const retryConnection = (): void => stream?.retry();

/** All that are known, deleted ones included where they were loaded or went while the page was open. */
export function allMachines(): MachineView[] {
  version.value;
  return machines.all();
}

export function machineById(id: string): MachineView | undefined {
  version.value;
  return machines.get(id);
}

/** An answer of the API is news too, and may be here before its event. */
export function putMachine(machine: MachineView): void {
  machines.put(machine);
  draw();
}

/** For one that the list does not have, such as a deleted one. @throws ApiError `machine.unknown` */
export async function loadMachine(id: string): Promise<MachineView> {
  const machine = await getMachine(id);
  putMachine(machine);
  return machine;
}

/** The newest of those that are gone: nobody looks for the others. */
export async function loadDeleted(): Promise<void> {
  const { data } = await listMachines(null, { state: ["deleted"] });
  data.forEach(putMachine);
}

/** Everything anew: what went away while nobody listened must go here too. */
export async function loadMachines(): Promise<void> {
  const seen = new Set<string>();
  isBehind = false;
  try {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listMachines>> = await listMachines(cursor);
      // Somebody logged out meanwhile.
      if (!stream) return;
      for (const machine of page.data) {
        seen.add(machine.id);
        putMachine(machine);
      }
      cursor = page.next;
    } while (cursor !== null && seen.size < machinesMax);
    if (cursor === null) void dropUnseen(seen);
    loading.value = { state: "ready", isCut: cursor !== null };
  } catch (error) {
    // What is on the page stays there; the banner says that the relay is away. When it is back its stream may resume, and
    // then tells only what has happened since.
    isBehind = true;
    if (loading.value.state !== "ready") loading.value = { state: "failed", error };
  }
}

async function dropUnseen(seen: ReadonlySet<string>): Promise<void> {
  const unseen = machines.all().filter(({ id, state }) => state !== "deleted" && !seen.has(id));
  // Made after its page was read, or gone: only the relay knows.
  await runEach(unseen, async ({ id }) => {
    await loadMachine(id).catch(() => machines.drop(id));
    draw();
  });
}

function hear({ time, data }: BusEvent): void {
  hearTime(time);
  const { machine } = data as { machine: MachineView };
  announceChange(machines.get(machine.id), machine);
  putMachine(machine);
}

function draw(): void {
  if (drawing !== undefined) return;
  drawing = setTimeout(() => {
    drawing = undefined;
    version.value += 1;
  }, drawEveryMs);
}
