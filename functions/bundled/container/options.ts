// What was asked for: the driver's options, from a command line to a record, and back from a record.
import { isIP } from "node:net";
import type { CommandLine } from "../machine/flags.ts";
import type { DriverRecord } from "../machine/record.ts";
import { Failure } from "../program.ts";
import { defaultImage, driverName, privilegedModes, publishModes } from "./create-flags.ts";

export interface ContainerOptions {
  image: string;
  dockerHost: string;
  network: string;
  /** `auto`, `no`, or an IP address. */
  publish: string;
  privileged: (typeof privilegedModes)[number];
  memory: string;
  cpus: string;
  volumes: string[];
}

/** In the record each has the name of its option: `--container-docker-host` is `DockerHost`. */
export function optionFields({ texts, lists }: CommandLine): Record<string, string | string[]> {
  return {
    Cpus: texts["container-cpus"]!,
    DockerHost: texts["container-docker-host"]!,
    Image: texts["container-image"]!,
    Memory: texts["container-memory"]!,
    Network: texts["container-network"]!,
    Privileged: texts["container-privileged"]!,
    Publish: texts["container-publish"]!,
    Volumes: lists["container-volume"]!,
  };
}

/** @throws Failure naming the option, what it may be, and what it is */
export function readOptions(fields: DriverRecord): ContainerOptions {
  const text = (field: string) => (typeof fields[field] === "string" ? (fields[field] as string) : "");
  const options = {
    image: text("Image") || defaultImage,
    dockerHost: text("DockerHost"),
    network: text("Network"),
    publish: text("Publish") || "auto",
    privileged: (text("Privileged") || "auto") as ContainerOptions["privileged"],
    memory: text("Memory"),
    cpus: text("Cpus"),
    volumes: Array.isArray(fields.Volumes) ? fields.Volumes.map(String) : [],
  };
  check(options);
  return options;
}

function check({ image, network, publish, privileged, memory, cpus, volumes }: ContainerOptions): void {
  // docker would take it for a flag of its own.
  if (image.startsWith("-")) throw refuse("image", "the name of an image", image);
  if (!(publishModes as readonly string[]).includes(publish) && (isIP(publish) === 0 || /^[0.:]+$/.test(publish))) {
    throw refuse("publish", "auto, no, or an IP address at which the machine can be reached", publish);
  }
  if (!privilegedModes.includes(privileged)) throw refuse("privileged", privilegedModes.join(", "), privileged);
  if (memory !== "" && !/^\d+(\.\d+)?[bkmgt]?$/i.test(memory)) throw refuse("memory", "a size such as 2g", memory);
  if (cpus !== "" && !(Number(cpus) > 0)) throw refuse("cpus", "a number such as 1.5", cpus);
  // An engine in the host's network would listen at the host's own port 2376, and change its packet filter.
  if (/^(host|none|container:.*)$/.test(network))
    throw refuse("network", "a network that gives it an address", network);
  for (const volume of volumes) {
    if (!/^[^:-][^:]*:\/[^:]*(:[a-zA-Z,]+)?$/.test(volume)) throw refuse("volume", "source:/target", volume);
    if (/:\/var\/lib\/docker\/?(:|$)/.test(volume)) {
      throw refuse("volume", "another target: there the machine has a volume of its own", volume);
    }
  }
}

function refuse(option: string, expected: string, got: string): Failure {
  return new Failure(`${driverName} driver: --${driverName}-${option} must be ${expected}, got ${JSON.stringify(got)}`);
}
