// Finds the engine that a command line speaks to: the daemon's address says which VM it is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../program.ts";
import {
  type Cloud,
  CloudError,
  findVm,
  findVmByAddress,
  openCloud,
  type VirtualMachine,
  vmDirectory,
} from "../cloud.ts";
import { enginePort } from "../orders.ts";
import type { Arguments } from "./arguments.ts";

export interface Engine {
  cloud: Cloud;
  vm: VirtualMachine;
  /** As it was given. */
  host: string;
  directory: string;
}

/** Null: nobody answers there. */
export type Connection = { engine: Engine; problem: null } | { engine: null; problem: string };

/** Flags that stand before the command. */
export const globalShapes = {
  values: ["host,H", "tlscacert", "tlscert", "tlskey", "config", "context,c", "log-level,l"],
  switches: ["tls", "tlsverify", "debug,D", "version,v", "help"],
};

/** @throws Failure when the files that prove who we are cannot be read */
export function connect({ values }: Arguments, environment: NodeJS.ProcessEnv = process.env): Connection {
  for (const name of ["tlscacert", "tlscert", "tlskey"]) {
    const file = values[name]?.at(-1);
    if (file === undefined || existsSync(file)) continue;
    throw new Failure(
      `Failed to initialize: unable to resolve docker endpoint: open ${file}: no such file or directory`,
    );
  }
  const host = values.host?.at(-1) || environment.DOCKER_HOST || "unix:///var/run/docker.sock";
  const problem = `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
  const address = new RegExp(`^tcp://([0-9.]+):${enginePort}/?$`).exec(host)?.[1];
  if (address === undefined) return { engine: null, problem };
  const cloud = openSimulatedCloud();
  const vm = findVmByAddress(cloud, address);
  if (vm === null) return { engine: null, problem };
  return { engine: { cloud, vm, host, directory: vmDirectory(cloud, vm.id) }, problem: null };
}

/** The VM may have gone while we were at it. */
export function isGone({ cloud, vm }: Engine): boolean {
  return findVm(cloud, vm.id) === null;
}

export function containersDirectory(engine: Engine): string {
  return join(engine.directory, "containers");
}

function openSimulatedCloud(): Cloud {
  try {
    return openCloud();
  } catch (error) {
    if (error instanceof CloudError) throw new Failure(error.message);
    throw error;
  }
}
