// A host to create against: a container with a real sshd, systemd and dockerd, that nobody has set up yet.
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { docker, dockerEnvironment } from "./engine.ts";
import { agentImage, hostImage } from "./images.ts";

export interface KeyPair {
  privateKey: string;
  publicKey: string;
}

export async function makeKeyPair(): Promise<KeyPair> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  const path = join(directory, "key");
  try {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
    return { privateKey: await readFile(path, "utf8"), publicKey: await readFile(`${path}.pub`, "utf8") };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A host in a container. */
export interface Host {
  /** Of the container. */
  name: string;
  /** Runs a program on the host and gives what it printed. */
  run(...commandLine: string[]): Promise<string>;
  /** Names of all containers of the host's own engine, running or not. */
  containers(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface RealHost extends Host {
  ipAddress: string;
  /** Opens root's account. */
  privateKey: string;
}

// --privileged fails where this machine itself lacks CAP_SYS_RESOURCE.
const containerOptions = [
  ...["--cap-add=ALL", "--cap-drop=SYS_RESOURCE", "--cgroupns=host", "--env=container=docker"],
  ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"].map((each) => `--security-opt=${each}`),
  ...["--tmpfs=/run", "--tmpfs=/tmp", "--volume=/var/lib/docker", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw"],
];

/** @param keyPair whose owner may log in as root */
export async function startHost(keyPair: KeyPair): Promise<RealHost> {
  const host = await createHost(`host-${randomBytes(4).toString("hex")}`);
  try {
    await bootHost(host);
    await letIn(host, [keyPair.publicKey]);
    const ipAddress = await docker(["inspect", "--format", "{{.NetworkSettings.IPAddress}}", host.name]);
    return { ...host, ipAddress, privateKey: keyPair.privateKey };
  } catch (error) {
    await host.remove();
    throw error;
  }
}

/** @param options of `docker run` that it needs besides */
export async function createHost(name: string, options: readonly string[] = []): Promise<Host> {
  await docker(["run", "--detach", "--name", name, ...containerOptions, ...options, hostImage]);
  const run = (...commandLine: string[]) => docker(["exec", name, ...commandLine]);
  return {
    name,
    run,
    containers: async () => (await run("docker", "ps", "--all", "--format", "{{.Names}}")).split("\n").filter(Boolean),
    remove: async () => void (await docker(["rm", "--force", "--volumes", name])),
  };
}

export async function bootHost({ name }: Host): Promise<void> {
  await waitUntilBooted(name);
  await loadImage(name, agentImage);
}

/** The owners of these keys may log in as root. */
export async function letIn({ name }: Host, publicKeys: readonly string[]): Promise<void> {
  await docker(["exec", "--interactive", name, "sh", "-c", "umask 077; cat >/root/.ssh/authorized_keys"], {
    input: publicKeys.map((each) => `${each.trim()}\n`).join(""),
  });
}

/** systemd answers when everything that it was to start runs. Before that it may not be there to be asked. */
async function waitUntilBooted(name: string): Promise<void> {
  const script = "until systemctl is-system-running --wait; do docker info >/dev/null 2>&1 && exit; sleep 0.2; done";
  await docker(["exec", name, "timeout", "60", "sh", "-c", script]);
}

/** The host could not pull it from anywhere. */
async function loadImage(name: string, image: string): Promise<void> {
  const { stderr } = await execa({ shell: "/bin/bash", env: { ...dockerEnvironment, name, image } })`
    set -o pipefail; docker save "$image" | docker exec --interactive "$name" docker load`;
  if (stderr) console.error(stderr);
}
