// The flags of `create` that every driver has.
import type { Flag } from "./flags.ts";

export const commonFlags = (driver: string): readonly Flag[] => [
  text("driver", "Driver to create machine with.", {
    short: "d",
    default: driver,
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

function text(name: string, words: string, more: Partial<Flag> = {}): Flag {
  return { name, kind: "text", text: words, ...more };
}

function list(name: string, words: string): Flag {
  return { name, kind: "list", text: words };
}
