// A Docker engine for the end-to-end tests alone: started by engine.sh, and gone when this process is, however it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

const script = new URL("./engine.sh", import.meta.url).pathname;

/** As engine.sh has them. */
export const dockerHost = "unix:///run/machine-relay-e2e/docker.sock";
export const bridgeAddress = "10.231.0.1";
const clientDirectory = "/run/machine-relay-e2e/client";

/** For every docker and docker-compose that must speak to this engine, and read nothing of the user's. */
export const dockerEnvironment = {
  DOCKER_HOST: dockerHost,
  DOCKER_CONFIG: clientDirectory,
  // Builds and compose files must not ask for a builder that Debian's engine does not have.
  DOCKER_BUILDKIT: "0",
  COMPOSE_DOCKER_CLI_BUILD: "0",
};

/** What is missing here to run an engine; null: nothing. */
export function whatIsMissing(): string | null {
  if (process.getuid?.() !== 0) return "root";
  const programs = ["dockerd", "docker", "debootstrap", "busybox", "ip", "iptables", "flock", "ssh-keygen"];
  return programs.find((program) => findProgram(program) === null) ?? null;
}

/** The path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; maybe in the next.
    }
  }
  return null;
}

export interface Engine {
  stop(): Promise<void>;
}

/** @throws Error with the engine's last words */
export async function startEngine(): Promise<Engine> {
  // A process group of its own: Ctrl-C must not end it before the tests have. The end of its standard input does.
  const child = spawn(script, ["run"], { detached: true, stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const isReady = await Promise.race([saysReady(child), exited.then(() => false)]);
  if (!isReady) throw new Error("the engine of the end-to-end tests did not start, see above");
  return {
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

async function saysReady({ stdout }: ChildProcess): Promise<boolean> {
  for await (const line of createInterface({ input: stdout! })) if (line === "ready") return true;
  return false;
}

/** @throws ExecaError with what docker said */
export async function docker(commandLine: readonly string[], options: { input?: string | Uint8Array } = {}) {
  const { stdout } = await execa("docker", commandLine, { ...options, env: dockerEnvironment });
  return stdout;
}
