// A container of a simulated engine, and the file that it is. No other file knows how they are kept.
//
// vms/<VM's id>/containers/<name>.json   the container; it exists as long as this file does
// vms/<VM's id>/containers/<name>.log    what its agent said
import { linkSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../directories.ts";
import { writeAtomically } from "../cloud.ts";
import { containersDirectory, type Engine } from "./engine.ts";
import type { AgentProcess } from "./liveness.ts";

export interface Container {
  id: string;
  name: string;
  image: string;
  imageId: string;
  command: string[];
  /** Names only: values may be secrets, and nothing here needs them again. */
  environment: string[];
  labels: Record<string, string>;
  volumes: string[];
  restart: string;
  createdAt: string;
  startedAt: string | null;
  state: "created" | "running";
  /** Null: nothing of it really runs. */
  agent: AgentProcess | null;
}

export const containerNamePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

export function containerFile(engine: Engine, name: string): string {
  return join(containersDirectory(engine), `${name}.json`);
}

export function logFile(engine: Engine, name: string): string {
  return join(containersDirectory(engine), `${name}.log`);
}

/** The name is claimed by writing. Null: done. Else the container that has the name. */
export function addContainer(engine: Engine, container: Container): Container | null {
  const file = containerFile(engine, container.name);
  const draft = join(engine.cloud.directory, `.new-${container.id}`);
  makeDirectory(containersDirectory(engine));
  writeAtomically(engine.cloud, draft, container);
  try {
    linkSync(draft, file);
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return findContainer(engine, container.name) ?? addContainer(engine, container);
  } finally {
    rmSync(draft, { force: true });
  }
}

export function writeContainer(engine: Engine, container: Container): void {
  writeAtomically(engine.cloud, containerFile(engine, container.name), container);
}

/** By name, by id, or by the beginning of an id. */
export function findContainer(engine: Engine, reference: string): Container | null {
  const name = reference.replace(/^\//, "");
  if (containerNamePattern.test(name)) {
    const named = readContainer(containerFile(engine, name));
    if (named !== null) return named;
  }
  if (!/^[0-9a-f]+$/.test(reference)) return null;
  return listContainers(engine).find(({ id }) => id.startsWith(reference)) ?? null;
}

/** The newest first. */
export function listContainers(engine: Engine): Container[] {
  let names: string[];
  try {
    names = readdirSync(containersDirectory(engine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readContainer(join(containersDirectory(engine), name)))
    .filter((container) => container !== null)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** Its file first: from then on its agent ends. */
export function removeContainer(engine: Engine, { name }: Container): void {
  rmSync(containerFile(engine, name), { force: true });
  rmSync(logFile(engine, name), { force: true });
}

export function readContainer(file: string): Container | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Container;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
