// Where agents on hosts of the local Docker engine can reach this machine: the engine's bridge, if there is one.
import { execa } from "execa";
import { isLoopback, type RelayConfig } from "../config.ts";
import { requireFreePort } from "./ports.ts";

const inspectMsMax = 2_000;

/** `host:port`, or null: no engine answers, its bridge is not of this machine, or the configuration says otherwise. */
export async function findBridgeAddress(config: RelayConfig, port: number): Promise<string | null> {
  // One that listens everywhere, or is told where agents reach it, needs no second listener.
  if (config.agentListen || config.publicUrl || !isLoopback(config.host)) return null;
  const { stdout } = await execa(
    process.env.DOCKER || "docker",
    ["network", "inspect", "bridge", "--format", "{{range .IPAM.Config}}{{println .Gateway}}{{end}}"],
    { reject: false, timeout: inspectMsMax, forceKillAfterDelay: 100, stdin: "ignore" },
  );
  // Whether an address is of this machine is tried: the system lists no bridge that nothing is connected to, which is how
  // it is before the first machine.
  for (const address of stdout?.split("\n").map((line) => line.trim()) ?? []) {
    if (address === "") continue;
    const isFree = await requireFreePort({ host: address, port, variable: "AGENT_LISTEN" }).catch(() => null);
    if (isFree !== null) return `${address}:${port}`;
  }
  return null;
}
