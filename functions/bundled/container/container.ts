// The container that is the machine: how it is asked for. Pure but for the script that it is given.
import { readFileSync } from "node:fs";
import type { MachineRecord } from "../machine/record.ts";
import { certificateDirectory } from "./certificates.ts";
import { driverName } from "./create-flags.ts";
import { labelsFor } from "./marks.ts";
import type { ContainerOptions } from "./options.ts";
import { defaultEnginePort } from "./record.ts";

const script = new URL("start-dockerd.sh", import.meta.url);
/** A longer one is refused by the kernel. */
const hostNameCharactersMax = 63;

/** What --privileged gives, but for the right that not every machine has to pass on, and for the devices. */
const insteadOfPrivileged = [
  ...["--cap-add=ALL", "--cap-drop=SYS_RESOURCE"],
  ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"].map((each) => `--security-opt=${each}`),
];

export interface Way {
  isPrivileged: boolean;
  /** Null: the container's own address is used. */
  published: { address: string; port: number } | null;
}

/** What follows `docker create`. */
export function containerArguments(record: MachineRecord, options: ContainerOptions, way: Way): string[] {
  const { Name: name } = record;
  const labels = Object.entries(labelsFor(name));
  const volumeLabels = labels.map(([label, value]) => `,volume-label=${label}=${value}`).join("");
  const { published } = way;
  return [
    ...["--name", name, ...labels.flatMap(([label, value]) => ["--label", `${label}=${value}`])],
    ...(name.length <= hostNameCharactersMax ? ["--hostname", name] : []),
    ...(way.isPrivileged ? ["--privileged"] : insteadOfPrivileged),
    // With separate user namespaces no engine may run inside.
    ...["--userns=host", "--env=container=docker"],
    ...["--mount", `type=volume,dst=/var/lib/docker${volumeLabels}`],
    ...options.volumes.flatMap((volume) => ["--volume", volume]),
    ...(options.network === "" ? [] : ["--network", options.network]),
    ...(options.memory === "" ? [] : ["--memory", options.memory]),
    ...(options.cpus === "" ? [] : ["--cpus", options.cpus]),
    ...(published === null
      ? []
      : ["--publish", `${bracket(published.address)}:${published.port}:${defaultEnginePort}`]),
    ...engineEnvironment(record).flatMap((variable) => ["--env", variable]),
    ...["--entrypoint", "sh", options.image, "-c", readFileSync(script, "utf8"), "sh"],
    ...dockerdArguments(record),
  ];
}

const bracket = (address: string): string => (address.includes(":") ? `[${address}]` : address);

function dockerdArguments(record: MachineRecord): string[] {
  const options = record.HostOptions.EngineOptions as Record<string, unknown>;
  const listOf = (name: string) => (Array.isArray(options[name]) ? options[name].map(String) : []);
  const storageDriver = typeof options.StorageDriver === "string" ? options.StorageDriver : "";
  const repeated = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  return [
    ...["--host", "unix:///var/run/docker.sock", "--host", `tcp://0.0.0.0:${defaultEnginePort}`],
    ...["--tlsverify", "--tlscacert", `${certificateDirectory}/ca.pem`],
    ...["--tlscert", `${certificateDirectory}/server.pem`, "--tlskey", `${certificateDirectory}/server-key.pem`],
    // As docker-machine labels its engines.
    ...repeated("--label", [`provider=${driverName}`, ...listOf("Labels")]),
    ...repeated("--insecure-registry", listOf("InsecureRegistry")),
    ...repeated("--registry-mirror", listOf("RegistryMirror")),
    ...(storageDriver === "" ? [] : ["--storage-driver", storageDriver]),
    ...listOf("ArbitraryFlags").map((flag) => `--${flag.replace(/^-+/, "")}`),
  ];
}

function engineEnvironment(record: MachineRecord): string[] {
  const { Env: variables } = record.HostOptions.EngineOptions as Record<string, unknown>;
  return Array.isArray(variables) ? variables.map(String) : [];
}
