// The flags of `create` that are the driver's own.

import type { Flag } from "../../machine/flags.ts";
import { agentModes, bootstrapModes, removeModes, stageNames, wrongAccessToken } from "../orders.ts";

export const driverName = "simulated";

const stages = stageNames.join(", ");

export const driverFlags: readonly Flag[] = [
  order("access-token", "text", "", `Access token of the simulated cloud; "${wrongAccessToken}" is refused`),
  order("agent", "text", "ok", `What agents on the machine do: ${agentModes.join(", ")}`),
  order("bootstrap", "text", "ok", `How starting a container on the machine goes: ${bootstrapModes.join(", ")}`),
  order("die-at", "text", "", `Stage at which create kills itself: ${stages}`),
  order("duration-ms", "integer", "3000", "How long create takes, in milliseconds"),
  order("fail-at", "text", "", `Stage at which create fails: ${stages}`),
  order("fail-message", "text", "The simulated cloud fails to order", "What create says when it fails"),
  order("hang-at", "text", "", `Stage at which create hangs for ever: ${stages}`),
  order("late-vm-ms", "integer", "0", "How much later the VM appears, even if create is killed, in milliseconds"),
  order("lines-per-second", "integer", "0", "How many more lines create prints each second"),
  order("lose-answer", "switch", "", "Make the VM, but lose the cloud's answer: its id is never recorded"),
  order("region", "text", "nowhere-1", "Region, just for show"),
  order("remove", "text", "ok", `How removing the machine goes: ${removeModes.join(", ")}`),
  order("size", "text", "small", "Size, just for show"),
];

function order(name: string, kind: Flag["kind"], initial: string, words: string): Flag {
  const environmentVariable = `SIMULATED_${name.toUpperCase().replaceAll("-", "_")}`;
  return { name: `${driverName}-${name}`, kind, default: initial, text: words, environmentVariable };
}
