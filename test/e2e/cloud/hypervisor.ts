// Keeps one host container for each machine that a cloud has: started, stopped and removed as the machines are.
import { docker } from "../engine.ts";
import { bootHost, createHost, type Host, letIn } from "../host.ts";
import type { Changes } from "./changes.ts";
import { cloudLabel, cloudNetwork } from "./network.ts";

/** What is wrong with a host from its birth on. */
export type HostFault =
  | "dies"
  | "never-answers"
  | "ssh-refused"
  | "install-unreachable"
  | "install-fails"
  | "docker-port-closed";

export interface VirtualMachine {
  id: string;
  name: string;
  ipAddress: string;
  isRunning: boolean;
  /** Whose owners may log in as root. */
  publicKeys: readonly string[];
  fault: HostFault | null;
}

interface Kept {
  machine: VirtualMachine;
  container: string;
  host: Promise<Host>;
  /** One thing after the other. */
  work: Promise<unknown>;
}

export class Hypervisor {
  readonly #prefix: string;
  readonly #changes: Changes;
  readonly #kept = new Map<string, Kept>();
  readonly #removals = new Set<Promise<void>>();
  #isClosed = false;

  /** @param prefix of its containers' names */
  constructor(prefix: string, changes: Changes) {
    this.#prefix = prefix;
    this.#changes = changes;
  }

  /** From now on these machines have hosts, and no others. */
  keep(machines: readonly VirtualMachine[]): void {
    // A call that was held may still end when all is over.
    if (this.#isClosed) return;
    const ids = new Set(machines.map(({ id }) => id));
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.#remove(id);
    for (const machine of machines) {
      const kept = this.#kept.get(machine.id);
      if (!kept) this.#start(machine);
      else if (kept.machine.isRunning !== machine.isRunning) this.#switch(kept, machine);
    }
  }

  restart(id: string): void {
    const kept = this.#kept.get(id);
    if (kept) this.#then(kept, () => docker(["restart", kept.container]));
  }

  hostOf(id: string): Promise<Host> {
    return this.#kept.get(id)?.host ?? Promise.reject(new Error(`${id} has no host`));
  }

  /** Resolves when all that was begun is done: hosts booted, stopped, removed. */
  async settled(): Promise<void> {
    const works = [...this.#kept.values()].map(({ work }) => work);
    await Promise.allSettled([...works, ...this.#removals]);
  }

  async close(): Promise<void> {
    this.keep([]);
    this.#isClosed = true;
    await Promise.all(this.#removals);
  }

  #start(machine: VirtualMachine): void {
    if (machine.fault === "never-answers" || machine.fault === "dies") return;
    const container = `${this.#prefix}-${machine.id}`;
    const host = this.#boot(machine, container);
    const kept = { machine, container, host, work: host };
    this.#kept.set(machine.id, kept);
    this.#then(kept, async () => {});
  }

  async #boot({ id, name, ipAddress, publicKeys, fault }: VirtualMachine, container: string): Promise<Host> {
    const options = [
      "--network",
      cloudNetwork,
      "--ip",
      ipAddress,
      "--hostname",
      name,
      "--label",
      `${cloudLabel}=${id}`,
    ];
    const host = await createHost(container, options);
    await bootHost(host);
    if (fault) await spoil(host, fault);
    // Last of all: docker-machine begins with its work as soon as it gets in.
    await letIn(host, publicKeys);
    this.#changes.tell();
    return host;
  }

  #switch(kept: Kept, machine: VirtualMachine): void {
    kept.machine = machine;
    this.#then(kept, () => docker([machine.isRunning ? "start" : "stop", kept.container]));
  }

  #remove(id: string): void {
    const kept = this.#kept.get(id)!;
    this.#kept.delete(id);
    const removal = (async () => {
      // What it is busy with ends at once; where it does not exist yet, it soon does.
      await docker(["kill", kept.container]).catch(() => {});
      await kept.work.catch(() => {});
      await docker(["rm", "--force", "--volumes", kept.container]);
    })();
    this.#removals.add(removal);
    removal.catch(tell).finally(() => {
      this.#removals.delete(removal);
      this.#changes.tell();
    });
  }

  #then(kept: Kept, work: () => Promise<unknown>): void {
    kept.work = kept.work.then(work);
    kept.work.then(
      () => this.#changes.tell(),
      // That it failed is no wonder when it was removed meanwhile.
      (error) => this.#kept.get(kept.machine.id) === kept && tell(error),
    );
  }
}

const takeDockerAway = "mv /usr/bin/docker /usr/bin/no-docker";

/** What makes each of them so, as a script for the host's shell. */
const spoilers: Partial<Record<HostFault, string>> = {
  "ssh-refused": "systemctl stop ssh",
  "install-unreachable": `${takeDockerAway}; echo 127.0.0.1 get.docker.com >>/etc/hosts`,
  // In place of the script that curl would bring from get.docker.com, one that ends as it does without its packages.
  "install-fails": `${takeDockerAway}
    printf '#!/bin/sh\\necho "echo E: Unable to locate package docker-ce; exit 100"\\n' >/usr/local/bin/curl
    chmod +x /usr/local/bin/curl`,
  "docker-port-closed": "iptables --append INPUT --protocol tcp --dport 2376 --jump REJECT --reject-with tcp-reset",
};

async function spoil({ run }: Host, fault: HostFault): Promise<void> {
  const script = spoilers[fault];
  if (script) await run("sh", "-c", script);
}

function tell(error: unknown): void {
  console.error("a host of the cloud:", error);
}
