// docker-machine or its fork run by hand, as a person would: no relay, no functions.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import type { DriverOptions } from "./provider.ts";

export interface Ended {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** It is ended, with its children, as soon as it prints this. */
  endAt?: RegExp;
}

export class MachineProgram implements AsyncDisposable {
  readonly path: string;
  readonly name: string;
  readonly storage: string;
  readonly #environment: Record<string, string>;

  private constructor(path: string, storage: string, environment: Record<string, string>) {
    this.path = path;
    this.name = basename(path);
    this.storage = storage;
    this.#environment = environment;
  }

  /** @param environment that it needs to reach the cloud */
  static async prepare(path: string, environment: Record<string, string>): Promise<MachineProgram> {
    return new MachineProgram(path, await mkdtemp(join(tmpdir(), "machine-relay-e2e-")), environment);
  }

  create(machine: string, driver: string, options: DriverOptions, runOptions: RunOptions = {}): Promise<Ended> {
    return this.run(["create", "--driver", driver, ...flagsOf(driver, options), machine], runOptions);
  }

  async run(commandLine: readonly string[], { endAt }: RunOptions = {}): Promise<Ended> {
    const { PATH = "", HOME = "" } = process.env;
    // A process group of its own: its plugins and its ssh are to end with it.
    const child = execa(this.path, ["--storage-path", this.storage, ...commandLine], {
      env: { PATH, HOME, ...this.#environment },
      extendEnv: false,
      reject: false,
      detached: true,
      stdin: "ignore",
    });
    let printed = "";
    child.stdout.on("data", (text) => {
      printed += text;
      if (endAt?.test(printed)) killGroup(child.pid!);
    });
    const { exitCode, stdout, stderr } = await child;
    if (endAt) killGroup(child.pid!);
    return { exitCode, stdout, stderr };
  }

  /** What a docker that is given the machine's `config` prints. @throws ExecaError */
  async docker(machine: string, commandLine: readonly string[]): Promise<string> {
    const { stdout: config } = await this.run(["config", machine]);
    const flags = config.split("\n").map((line) => line.replaceAll('"', ""));
    const { PATH = "", HOME = "" } = process.env;
    const options = { env: { PATH, HOME, ...this.#environment }, extendEnv: false };
    return (await execa("docker", [...flags, ...commandLine], options)).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.storage, { recursive: true, force: true });
  }
}

function flagsOf(driver: string, options: DriverOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${driver}-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value === "boolean") return value ? [flag] : [];
    return (Array.isArray(value) ? value : [value]).map((each) => `${flag}=${each}`);
  });
}

function killGroup(id: number): void {
  try {
    process.kill(-id, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
