// The public view of a process event: who is asked for what, and nothing that opens or costs anything.
import type { Notice, ProcessEvent } from "./events.ts";

export function redactEvent({ data: { machine }, ...event }: ProcessEvent): Notice & Omit<ProcessEvent, "data"> {
  const { id, name, machineName, driver, labels } = machine;
  return { ...event, data: { machine: { id, name, machineName, driver, labels } } };
}
