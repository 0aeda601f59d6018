// A Docker host with an agent on it: the command of a real launch, run by busybox with nothing but its applets and a tiny
// `docker` on PATH.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentLaunch } from "../../../functions/contract.ts";

const busybox = execFileSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).trim();
const applets = execFileSync(busybox, ["--list"], { encoding: "utf8" }).trim().split("\n");

export interface Container {
  id: string;
  name: string;
  image: string;
  state: string;
}

export class AgentHost {
  readonly directory: string;
  output = "";
  #child: ChildProcess | undefined;
  readonly #said = new EventEmitter();

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make({ engineId = "ENGINE:1", name = "edge-1" } = {}): Promise<AgentHost> {
    const host = new AgentHost(await mkdtemp(join(tmpdir(), "machine-relay-agent-")));
    const bin = join(host.directory, "bin");
    await mkdir(bin);
    await Promise.all(applets.map((applet) => symlink(busybox, join(bin, applet))));
    await copyFile(new URL("./docker.sh", import.meta.url), join(bin, "docker"));
    await chmod(join(bin, "docker"), 0o755);
    await host.write("engine-id", engineId);
    await host.write("name", name);
    await host.write("events", "");
    await host.write("calls", "");
    await host.runContainers([]);
    return host;
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.directory, file), text);
  }

  /** As docker's own template prints them: a JSON object on each line. */
  runContainers(containers: Container[]): Promise<void> {
    return this.write("containers", containers.map((container) => `${JSON.stringify(container)}\n`).join(""));
  }

  /** The client is there, but nobody answers it. */
  stopEngine(): Promise<void> {
    return this.write("engine-is-down", "");
  }
  startEngine(): Promise<void> {
    return rm(join(this.directory, "engine-is-down"));
  }

  /** As `docker run` would, in a process group of its own. */
  start(launch: AgentLaunch): void {
    const [program = "", ...rest] = launch.command;
    this.#child = spawn(join(this.directory, "bin", program), rest, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...launch.environment,
        PATH: join(this.directory, "bin"),
        FAKE_DOCKER: this.directory,
        MACHINE_RELAY_DIRECTORY: join(this.directory, "state"),
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#said.emit("said");
      });
    }
  }

  /** Resolves with the exit code. */
  async ended(): Promise<number | null> {
    const child = this.#child!;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return child.exitCode;
  }

  async untilSaid(words: string): Promise<void> {
    while (!this.output.includes(words)) await once(this.#said, "said");
  }

  /** As `docker stop` does. */
  async stop(): Promise<number | null> {
    this.#child?.kill("SIGTERM");
    return this.ended();
  }

  async calls(): Promise<string[]> {
    return (await readFile(join(this.directory, "calls"), "utf8")).trim().split("\n");
  }

  files(): Promise<string[]> {
    return readdir(join(this.directory, "state"));
  }

  /** The argument lists of every process that was started on this host and is still there. */
  async argumentLists(): Promise<string[]> {
    const found: string[] = [];
    for (const id of await readdir("/proc")) {
      if (!/^\d+$/.test(id)) continue;
      const environment = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "");
      if (!environment.includes(this.directory)) continue;
      found.push((await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " "));
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child?.pid) {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        // All of them have ended.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      await this.ended();
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}
