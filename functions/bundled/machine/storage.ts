// docker-machine's storage directory: the machines' records, written in docker-machine's own order of steps.
import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "../directories.ts";
import { Failure } from "../program.ts";
import type { MachineRecord } from "./record.ts";

export function defaultStorePath(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.MACHINE_STORAGE_PATH || join(homedir(), ".docker", "machine");
}

export function machineDirectory(storePath: string, name: string): string {
  return join(storePath, "machines", name);
}

/** As docker-machine: the directory alone counts, so that a half-made machine cannot be made again. */
export function hasMachine(storePath: string, name: string): boolean {
  return isMachineName(name) && existsSync(machineDirectory(storePath, name));
}

export function isMachineName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/.test(name);
}

export function listMachines(storePath: string): string[] {
  try {
    return readdirSync(join(storePath, "machines"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** @throws Failure in docker-machine's words */
export function loadRecord(storePath: string, name: string, driver: string): MachineRecord {
  if (!hasMachine(storePath, name)) {
    throw new Failure(
      `Docker machine ${JSON.stringify(name)} does not exist. Use "docker-machine ls" to list machines. Use "docker-machine create" to add a new one.`,
    );
  }
  const file = join(machineDirectory(storePath, name), "config.json");
  const record = parseRecord(readRecord(file));
  if (record.DriverName !== driver) throw driverNotFound(record.DriverName);
  return record;
}

/** Removes config.json before it renames the new one into place: so does docker-machine, and archives must bear it. */
export function saveRecord(record: MachineRecord): void {
  const directory = machineDirectory(record.Driver.StorePath, record.Name);
  makeDirectory(directory);
  const file = join(directory, "config.json");
  const content = JSON.stringify(record, null, 4);
  if (!existsSync(file)) {
    writeFileSync(file, content, { mode: 0o600 });
    return;
  }
  const temporary = `${file}.tmp${randomInt(1e9)}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  rmSync(file);
  renameSync(temporary, file);
}

export function forgetMachine(storePath: string, name: string): void {
  rmSync(machineDirectory(storePath, name), { recursive: true, force: true });
}

export function driverNotFound(driver: string): Failure {
  return new Failure(
    `Driver ${JSON.stringify(driver)} not found. Do you have the plugin binary "docker-machine-driver-${driver}" accessible in your PATH?`,
  );
}

function readRecord(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Failure(`open ${file}: no such file or directory`);
    throw error;
  }
}

function parseRecord(text: string): MachineRecord {
  try {
    const record = JSON.parse(text) as MachineRecord;
    if (typeof record.Driver === "object" && typeof record.HostOptions?.AuthOptions === "object") return record;
  } catch {
    // Told below.
  }
  throw new Failure("Error getting migrated host: unexpected end of JSON input");
}
