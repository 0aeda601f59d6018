// The flags of `create`: docker-machine's own, and those of the driver `simulated`.
import { agentModes, bootstrapModes, removeModes, stageNames, wrongAccessToken } from "../orders.ts";
import type { Flag } from "./flags.ts";

export const driverName = "simulated";

export const commonFlags: readonly Flag[] = [
  text("driver", "Driver to create machine with.", {
    short: "d",
    default: driverName,
    environmentVariable: "MACHINE_DRIVER",
  }),
  list("engine-env", "Specify environment variables to set in the engine"),
  list("engine-insecure-registry", "Specify insecure registries to allow with the created engine"),
  text("engine-install-url", "Custom URL to use for engine installation", {
    default: "https://get.docker.com",
    environmentVariable: "MACHINE_DOCKER_INSTALL_URL",
  }),
  list("engine-label", "Specify labels for the created engine"),
  list("engine-opt", "Specify arbitrary flags to include with the created engine in the form flag=value"),
  {
    ...list("engine-registry-mirror", "Specify registry mirrors to use"),
    environmentVariable: "ENGINE_REGISTRY_MIRROR",
  },
  text("engine-storage-driver", "Specify a storage driver to use with the engine"),
  { name: "swarm", kind: "switch", text: "Configure Machine to join a Swarm cluster" },
  text("swarm-addr", "addr to advertise for Swarm (default: detect and use the machine IP)"),
  text("swarm-discovery", "Discovery service to use with Swarm"),
  { name: "swarm-experimental", kind: "switch", text: "Enable Swarm experimental features" },
  text("swarm-host", "ip/socket to listen on for Swarm master", { default: "tcp://0.0.0.0:3376" }),
  text("swarm-image", "Specify Docker image to use for Swarm", {
    default: "swarm:latest",
    environmentVariable: "MACHINE_SWARM_IMAGE",
  }),
  list("swarm-join-opt", "Define arbitrary flags for Swarm join"),
  { name: "swarm-master", kind: "switch", text: "Configure Machine to be a Swarm master" },
  list("swarm-opt", "Define arbitrary flags for Swarm master"),
  text("swarm-strategy", "Define a default scheduling strategy for Swarm", { default: "spread" }),
  list("tls-san", "Support extra SANs for TLS certs"),
];

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

function text(name: string, words: string, more: Partial<Flag> = {}): Flag {
  return { name, kind: "text", text: words, ...more };
}

function list(name: string, words: string): Flag {
  return { name, kind: "list", text: words };
}
