// An engine that is a directory, a docker client for it, and a storage directory for one test; gone afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { MachineRecord } from "../../../../functions/bundled/machine/record.ts";
import { temporaryDirectory } from "../../work-scene.ts";

const program = fileURLToPath(new URL("../../../../functions/bundled/container/docker-machine.ts", import.meta.url));
const dockerScript = fileURLToPath(new URL("docker.sh", import.meta.url));
const innerEngine = fileURLToPath(new URL("inner-engine.ts", import.meta.url));

export interface Outcome {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export class Place {
  readonly storage: string;
  readonly engine: string;
  readonly environment: Record<string, string>;

  constructor(directory: string) {
    this.storage = join(directory, "storage");
    this.engine = join(directory, "engine");
    for (const name of ["bin", "engine/containers", "engine/volumes", "engine/images", "engine/orders"]) {
      mkdirSync(join(directory, name), { recursive: true });
    }
    symlinkSync(dockerScript, join(directory, "bin/docker"));
    this.environment = {
      PATH: `${join(directory, "bin")}:/usr/bin:/bin`,
      HOME: directory,
      MACHINE_STORAGE_PATH: this.storage,
      FAKE_ENGINE: this.engine,
      FAKE_NODE: process.execPath,
      FAKE_INNER_ENGINE: innerEngine,
    };
    this.beEngine("ENGINE-1");
    writeFileSync(join(this.engine, "images/docker_28-dind"), "");
  }

  /** Of Docker Desktop's kind: its containers are reached at published ports only. */
  beEngine(id: string): void {
    const info = { ID: id, ServerVersion: "28.5.2", OSType: "linux", OperatingSystem: "Docker Desktop" };
    writeFileSync(join(this.engine, "info"), JSON.stringify(info));
  }

  async machine(words: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const child = spawn(process.execPath, [program, ...words], {
      env: { ...this.environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, [exitCode, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { exitCode, signal, stdout, stderr };
  }

  create(name: string, ...words: string[]): Promise<Outcome> {
    return this.machine(["create", "-d", "container", ...words, name]);
  }

  /** `script` is shell, run when docker is asked for the command: `start`, `after-create`, … */
  order(command: string, script: string): void {
    writeFileSync(join(this.engine, "orders", command), script);
  }

  end(): void {
    writeFileSync(join(this.engine, "down"), "");
  }

  revive(): void {
    rmSync(join(this.engine, "down"));
  }

  calls(): string[] {
    const file = join(this.engine, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  }

  record(name: string): MachineRecord {
    return JSON.parse(readFileSync(join(this.storage, "machines", name, "config.json"), "utf8"));
  }

  hasRecord(name: string): boolean {
    return existsSync(join(this.storage, "machines", name, "config.json"));
  }

  /** Containers and volumes, by name. */
  left(): string[] {
    return ["containers", "volumes"].flatMap((kind) => readdirSync(join(this.engine, kind)));
  }

  file(...path: string[]): string {
    return readFileSync(join(this.engine, "containers", ...path), "utf8");
  }
}

export async function makePlace(): Promise<Place> {
  const place = new Place(await temporaryDirectory());
  onTestFinished(() => {
    for (const name of readdirSync(join(place.engine, "containers"))) {
      const file = join(place.engine, "containers", name, "pid");
      if (existsSync(file)) process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
    }
  });
  return place;
}
