// Removes machines, and looks what is left of them. The engine is believed, not the record: whatever carries a machine's
// mark belongs to it.
import { setTimeout as wait } from "node:timers/promises";
import type { FoundMachine } from "../machine/driver.ts";
import type { CommandLine } from "../machine/flags.ts";
import type { MachineRecord } from "../machine/record.ts";
import { listMachines, loadRecord } from "../machine/storage.ts";
import { Failure } from "../program.ts";
import { driverName } from "./create-flags.ts";
import { findMarked, inspectMark, type Marked } from "./marks.ts";
import { type OuterEngine, openEngine, openEngineOf } from "./outer-engine.ts";
import { saysGone, wordsOf } from "./words.ts";

const volumePrefix = "volume:";
const betweenLooksMs = 200;
const looksMax = 150;

/** Container and volumes. @throws Failure in the engine's words */
export async function removeRemote(record: MachineRecord): Promise<void> {
  const engine = await openEngineOf(record);
  for (const marked of await findMarked(engine, record.Name)) await removeMarked(engine, marked);
}

/** Gone already is fine. @throws Failure */
export async function removeMarked(engine: OuterEngine, { kind, id }: Pick<Marked, "kind" | "id">): Promise<void> {
  const words = kind === "container" ? ["rm", "--force", "--volumes", id] : ["volume", "rm", id];
  const answer = await engine.ask(words);
  if (answer.exitCode === 0 || saysGone(answer)) return;
  if (!/removal of container .* is already in progress/i.test(answer.stderr)) throw new Failure(wordsOf(answer));
  // Somebody else's removal is as good as ours, once it is done.
  for (let look = 0; look < looksMax; look += 1) {
    if ((await inspectMark(engine, { kind, id })) === "gone") return;
    await wait(betweenLooksMs);
  }
  throw new Failure(wordsOf(answer));
}

/** @throws Failure when the engine does not answer, or is another one */
export async function takeCensus(machineName: string, storePath: string, line: CommandLine): Promise<FoundMachine[]> {
  const engine = await openEngineFor(storePath, machineName, line);
  const found = await findMarked(engine, machineName);
  return found.map(({ kind, id, name }) => ({
    id: kind === "volume" ? `${volumePrefix}${id}` : id,
    name,
    machineName,
  }));
}

/** @throws Failure also for what is no machine of ours */
export async function destroy(id: string, storePath: string, line: CommandLine): Promise<void> {
  // Nobody says of which machine it is; in the functions there is one.
  const engine = await openEngineFor(storePath, listMachines(storePath)[0], line);
  const marked: Pick<Marked, "kind" | "id"> = id.startsWith(volumePrefix)
    ? { kind: "volume", id: id.slice(volumePrefix.length) }
    : { kind: "container", id };
  if (/^-|[^\w.-]/.test(marked.id)) throw new Failure(`${JSON.stringify(id)} is no id of a container or a volume.`);
  const mark = await inspectMark(engine, marked);
  if (mark === "gone") return;
  if (mark === "none") throw new Failure(`The ${marked.kind} ${marked.id} is no machine's: it is left alone.`);
  if (mark === "another's")
    throw new Failure(`The ${marked.kind} ${marked.id} is another machine's: it is left alone.`);
  await removeMarked(engine, marked);
}

/** That of the record, where there is one; else that which the command line says. */
async function openEngineFor(storePath: string, name: string | undefined, line: CommandLine): Promise<OuterEngine> {
  const record = name === undefined ? null : readRecord(storePath, name);
  return record === null ? openEngine(line.texts["container-docker-host"] ?? "") : openEngineOf(record);
}

function readRecord(storePath: string, name: string): MachineRecord | null {
  try {
    return loadRecord(storePath, name, driverName);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
