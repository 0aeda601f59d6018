// A simulated cloud and a storage directory for one test, both gone afterwards, with every agent that lived there.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import type { MachineRecord } from "../../../../functions/bundled/machine/record.ts";
import type { VirtualMachine } from "../../../../functions/bundled/simulated/cloud.ts";
import type { Container } from "../../../../functions/bundled/simulated/engine/container.ts";

const programs = new URL("../../../../functions/bundled/simulated/", import.meta.url);
export const simulatedMachine = fileURLToPath(new URL("docker-machine.ts", programs));
export const simulatedDocker = fileURLToPath(new URL("docker.ts", programs));

export interface Outcome {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** Resolves when the text has been printed to stdout. */
  said(text: string): Promise<void>;
  outcome: Promise<Outcome>;
}

export interface RunOptions {
  environment?: Record<string, string | undefined>;
  input?: string;
  /** Its group then has its process id. */
  hasOwnGroup?: boolean;
}

export interface Place {
  cloud: string;
  storage: string;
  start(program: string, words: readonly string[], options?: RunOptions): Running;
  machine(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** A create that takes no time. */
  create(name: string, ...words: string[]): Promise<Outcome>;
  /** With the flags that `config` says. */
  docker(name: string, words: readonly string[], options?: RunOptions): Promise<Outcome>;
  vms(): VirtualMachine[];
  containers(): Container[];
  record(name: string): MachineRecord;
}

/** A fresh one before each test. */
export function usePlace(): Place {
  let root = "";
  let children: ChildProcess[] = [];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "simulated-"));
    place.cloud = mkdtempSync(join(root, "cloud-"));
    place.storage = join(root, "storage");
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    children = [];
    const agents = place.containers().flatMap(({ agent }) => agent?.pid ?? []);
    for (const pid of agents) endProcess(pid);
    await until(() => !agents.some(isProcessAlive));
    rmSync(root, { recursive: true, force: true });
  });

  const place: Place = {
    cloud: "",
    storage: "",

    start(program, words, { environment, input, hasOwnGroup = false } = {}) {
      const child = spawn(process.execPath, [program, ...words], {
        detached: hasOwnGroup,
        env: {
          PATH: process.env.PATH,
          HOME: root,
          MACHINE_STORAGE_PATH: place.storage,
          SIMULATED_CLOUD_DIR: place.cloud,
          ...environment,
        },
      });
      children.push(child);
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
      return follow(child);
    },

    machine: (words, options) => place.start(simulatedMachine, words, options).outcome,
    create: (name, ...words) =>
      place.machine(["create", "-d", "simulated", "--simulated-duration-ms", "0", ...words, name]),

    async docker(name, words, options) {
      const config = await place.machine(["config", name]);
      const flags = config.stdout
        .trimEnd()
        .split("\n")
        .map((flag) => flag.replaceAll('"', ""));
      return place.start(simulatedDocker, [...flags, ...words], options).outcome;
    },

    vms: () => readJson(join(place.cloud, "vms")),
    containers: () => place.vms().flatMap(({ id }) => readJson<Container>(join(place.cloud, "vms", id, "containers"))),
    record: (name) => JSON.parse(readFileSync(join(place.storage, "machines", name, "config.json"), "utf8")),
  };
  return place;
}

/** For what cannot be awaited otherwise: another process's files, and its end. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(10);
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Whoever adopts orphans may be slow to bury them.
  return !existsSync(`/proc/${pid}/stat`) || !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

function follow(child: ChildProcess): Running {
  let stdout = "";
  let stderr = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    for (const { text, resolve } of waiting) if (stdout.includes(text)) resolve();
  });
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const { promise: outcome, resolve: resolveOutcome } = Promise.withResolvers<Outcome>();
  child.on("close", (exitCode, signal) => resolveOutcome({ exitCode, signal, stdout, stderr }));
  return {
    child,
    outcome,
    said: (text) =>
      new Promise((resolve) => {
        if (stdout.includes(text)) resolve();
        else waiting.push({ text, resolve });
      }),
  };
}

function readJson<T>(directory: string): T[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as T);
}
