// The simulated cloud: a directory with one file for each VM. Whoever holds the directory sees the same cloud.
//
// vms/<id>.json     one VM; it exists as long as this file does
// vms/<id>/         what is on the VM: its containers and images
// addresses/<a.b.c.d>  holds the id of the VM that has the address
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../directories.ts";
import type { AgentMode, BootstrapMode, RemovalWay, RemoveMode } from "./orders.ts";

export const cloudVariable = "SIMULATED_CLOUD_DIR";
/** 198.18.0.0/15 is set aside for tests of networks: nobody has such an address. */
const addressesMax = 2 ** 17;
const claimAttemptsMax = 1_000;

export interface VirtualMachine {
  id: string;
  name: string;
  /** docker-machine's name for it: the mark by which the census finds it. */
  machineName: string;
  createdAt: string;
  address: string;
  region: string;
  size: string;
  bootstrap: BootstrapMode;
  agent: AgentMode;
  remove: RemoveMode;
  /** Ways to remove it that the provider has refused once. */
  refused: RemovalWay[];
}

export type NewVirtualMachine = Omit<VirtualMachine, "id" | "address" | "createdAt" | "refused">;

/** What the provider would have answered. */
export class CloudError extends Error {
  override readonly name = "CloudError";
}

export interface Cloud {
  readonly directory: string;
}

/** @throws CloudError when the directory is not named, not there, or cannot be written */
export function openCloud(environment: NodeJS.ProcessEnv = process.env): Cloud {
  const directory = environment[cloudVariable];
  // Never made here: a wrong path would be an empty cloud, and an empty census is believed.
  if (!directory) {
    throw new CloudError(`${cloudVariable} is not set: it must name the directory that stands for the cloud.`);
  }
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CloudError(`${cloudVariable} must name a directory that exists, got ${JSON.stringify(directory)}.`);
  }
  try {
    makeDirectory(join(directory, "vms"));
    makeDirectory(join(directory, "addresses"));
  } catch (error) {
    throw new CloudError(
      `${cloudVariable} must name a directory that can be written, got ${JSON.stringify(directory)} (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  return { directory };
}

/** Chooses id and address of a VM that does not exist yet. */
export function planVm(cloud: Cloud, vm: NewVirtualMachine): VirtualMachine {
  for (let attempt = 0; attempt < claimAttemptsMax; attempt += 1) {
    const id = `vm-${randomBytes(8).toString("hex")}`;
    const address = addressOf(id);
    try {
      writeFileSync(join(cloud.directory, "addresses", address), id, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    return { id, address, createdAt: new Date().toISOString(), refused: [], ...vm };
  }
  throw new CloudError("POST https://simulated.invalid/v2/vms: 422 There is no address left.");
}

/** Makes the VM, or changes it. */
export function writeVm(cloud: Cloud, vm: VirtualMachine): void {
  writeAtomically(cloud, vmFile(cloud, vm.id), vm);
}

/** A reader sees the old content or the new one, never a part. */
export function writeAtomically(cloud: Cloud, file: string, content: unknown): void {
  const temporary = join(cloud.directory, `.new-${randomBytes(8).toString("hex")}`);
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Null: there is no such VM. */
export function findVm(cloud: Cloud, id: string): VirtualMachine | null {
  // An id becomes a path: what could lead elsewhere is no id.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id)) return null;
  const file = vmFile(cloud, id);
  const text = readIfThere(file);
  if (text === null) return null;
  try {
    return JSON.parse(text) as VirtualMachine;
  } catch {
    throw new CloudError(`GET https://simulated.invalid/v2/vms/${id}: 500 ${file} is not JSON.`);
  }
}

/** Null: no VM has this address. */
export function findVmByAddress(cloud: Cloud, address: string): VirtualMachine | null {
  if (!/^[0-9.]+$/.test(address)) return null;
  const id = readIfThere(join(cloud.directory, "addresses", address));
  return id === null ? null : findVm(cloud, id);
}

export function listVms(cloud: Cloud): VirtualMachine[] {
  return readdirSync(join(cloud.directory, "vms"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => findVm(cloud, name.slice(0, -".json".length)))
    .filter((vm) => vm !== null);
}

/** Its file first: from then on it is gone, and its agent ends. */
export function removeVm(cloud: Cloud, vm: VirtualMachine): void {
  rmSync(vmFile(cloud, vm.id), { force: true });
  rmSync(vmDirectory(cloud, vm.id), { recursive: true, force: true });
  rmSync(join(cloud.directory, "addresses", vm.address), { force: true });
}

export function vmFile(cloud: Cloud, id: string): string {
  return join(cloud.directory, "vms", `${id}.json`);
}

export function vmDirectory(cloud: Cloud, id: string): string {
  return join(cloud.directory, "vms", id);
}

function addressOf(id: string): string {
  const number = createHash("sha256").update(id).digest().readUInt32BE(0) % addressesMax;
  return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
