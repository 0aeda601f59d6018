// The flags of `create` that are the driver's own.
import type { Flag } from "../machine/flags.ts";

export const driverName = "container";
export const defaultImage = "docker:28-dind";
export const publishModes = ["auto", "no"] as const;
export const privilegedModes = ["auto", "yes", "no"] as const;

const dockerHost: Flag = {
  ...text(
    "docker-host",
    "",
    "Docker engine that runs the machine: unix://, tcp:// or ssh://; empty: as the docker client finds it",
  ),
  environmentVariable: "DOCKER_HOST",
};

/** Which engine. */
export const placeFlags: readonly Flag[] = [dockerHost];

export const driverFlags: readonly Flag[] = [
  text("cpus", "", "How many processors the machine may use, such as 1.5; empty: all"),
  dockerHost,
  text("image", defaultImage, "Image of the machine: any that has dockerd in it"),
  text("memory", "", "How much memory the machine may use, such as 2g; empty: all"),
  text("network", "", "Network of the engine that the machine is put on; empty: its default bridge"),
  text(
    "privileged",
    "auto",
    "Run it with --privileged: yes, no (all capabilities that it needs instead), or auto: what the engine can do",
  ),
  text(
    "publish",
    "auto",
    "Where its engine is reached: at its own address (no), at a port of this IP address of the engine's host, or auto: at its own where that can be reached from here, else at a port of 127.0.0.1",
  ),
  {
    ...text("volume", "", "Volume or directory of the engine's host to mount, in the form source:target"),
    kind: "list",
  },
];

function text(name: string, initial: string, words: string): Flag {
  const environmentVariable = `CONTAINER_${name.toUpperCase().replaceAll("-", "_")}`;
  return { name: `${driverName}-${name}`, kind: "text", default: initial, text: words, environmentVariable };
}
