// How containers and volumes are marked, and found again by their marks.
import { Failure } from "../program.ts";
import type { OuterEngine } from "./outer-engine.ts";
import { saysGone, wordsOf } from "./words.ts";

/** docker-machine's own name for the machine: unique, because a part of the machine's id is in it. */
export const machineLabel = "machine-relay.machine";
const machineIdLabel = "machine-relay.machine-id";

/** The machine's id in the relay; empty where nobody has told. */
const machineId = process.env.MACHINE_RELAY_MACHINE_ID ?? "";

export function labelsFor(machineName: string): Record<string, string> {
  return { [machineLabel]: machineName, ...(machineId !== "" && { [machineIdLabel]: machineId }) };
}

export interface Marked {
  kind: "container" | "volume";
  /** Of a volume its name. */
  id: string;
  name: string;
}

/** @throws Failure */
export async function findMarked(engine: OuterEngine, machineName: string): Promise<Marked[]> {
  return [...(await findContainers(engine, machineName)), ...(await findVolumes(engine, machineName))];
}

async function findContainers(engine: OuterEngine, machineName: string): Promise<Marked[]> {
  const words = ["ps", "--all", "--no-trunc", ...filterFor(machineName)];
  const format = `{{.ID}}\t{{.Names}}\t{{.Label "${machineIdLabel}"}}`;
  return rowsOf(await engine.get([...words, "--format", format]))
    .filter(([, , id = ""]) => isOurs(id))
    .map(([id = "", name = ""]) => ({ kind: "container", id, name }));
}

/** Those that are in use go with their container. */
async function findVolumes(engine: OuterEngine, machineName: string): Promise<Marked[]> {
  const words = ["volume", "ls", "--filter", "dangling=true", ...filterFor(machineName)];
  const format = `{{.Name}}\t{{.Label "${machineIdLabel}"}}`;
  return rowsOf(await engine.get([...words, "--format", format]))
    .filter(([, id = ""]) => isOurs(id))
    .map(([name = ""]) => ({ kind: "volume", id: name, name }));
}

const filterFor = (machineName: string): string[] => ["--filter", `label=${machineLabel}=${machineName}`];

/** Two installations may share an engine; where one of them does not know, the name has to do. */
const isOurs = (foundId: string): boolean => foundId === "" || machineId === "" || foundId === machineId;

const rowsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));

/** @throws Failure */
export async function inspectMark(
  engine: OuterEngine,
  { kind, id }: Pick<Marked, "kind" | "id">,
): Promise<"ours" | "another's" | "none" | "gone"> {
  const labels = kind === "container" ? ".Config.Labels" : ".Labels";
  const answer = await engine.ask([kind, "inspect", "--format", `{{json ${labels}}}`, id]);
  if (answer.exitCode !== 0) {
    if (saysGone(answer)) return "gone";
    throw new Failure(wordsOf(answer));
  }
  const found = JSON.parse(answer.stdout) as Record<string, string> | null;
  if (found?.[machineLabel] === undefined) return "none";
  return isOurs(found[machineIdLabel] ?? "") ? "ours" : "another's";
}
