// What the machine's container is doing, in docker-machine's words.
import type { MachineRecord } from "../machine/record.ts";
import { Failure } from "../program.ts";
import { openEngineOf } from "./outer-engine.ts";
import { knownFieldsOf } from "./record.ts";

const states: Readonly<Record<string, string>> = {
  created: "Stopped",
  running: "Running",
  paused: "Paused",
  restarting: "Starting",
  removing: "Stopping",
  exited: "Stopped",
  dead: "Error",
};

/** @throws Failure when there is no such container, or nobody to ask */
export async function stateOf(record: MachineRecord): Promise<string> {
  const engine = await openEngineOf(record);
  const id = knownFieldsOf(record).ContainerId;
  if (id === "") throw new Failure(`The machine ${record.Name} has no container: it was never made, or only in part.`);
  return states[await engine.get(["container", "inspect", "--format", "{{.State.Status}}", id])] ?? "Error";
}
