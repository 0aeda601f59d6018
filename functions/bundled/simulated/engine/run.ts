// `docker run -d`: records a container, and starts the agent where it is one.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Failure, print } from "../../program.ts";
import type { Arguments } from "./arguments.ts";
import { addContainer, type Container, containerNamePattern, writeContainer } from "./container.ts";
import { type Engine, isGone } from "./engine.ts";
import { findImage, pullImage } from "./images.ts";
import { ownNamespace } from "./liveness.ts";

export const runShapes = {
  values: [
    ...["add-host", "cap-add", "cap-drop", "cgroupns", "cpus", "dns", "entrypoint", "env,e", "hostname,h", "ipc"],
    ...["label,l", "log-driver", "log-opt", "memory,m", "mount", "name", "network,net", "pid", "platform", "publish,p"],
    ...["pull", "restart", "security-opt", "stop-signal", "stop-timeout", "tmpfs", "ulimit", "user,u", "volume,v"],
    ...["workdir,w"],
  ],
  switches: ["detach,d", "init", "interactive,i", "privileged", "quiet,q", "read-only", "rm", "tty,t"],
};

const scriptUrlVariable = "MACHINE_RELAY_SCRIPT_URL";
const reportVariable = "MACHINE_RELAY_REPORT_MS";
const agentProgram = fileURLToPath(new URL("../agent.ts", import.meta.url));
const failedExitCode = 125;

/** @throws Failure in docker's words */
export async function run(engine: Engine, { values, switches, rest }: Arguments): Promise<void> {
  const [image, ...command] = rest;
  if (image === undefined) {
    throw new Failure(
      "docker: 'docker run' requires at least 1 argument\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nSee 'docker run --help' for more information",
    );
  }
  if (!switches.has("detach")) throw refuse("a simulated engine runs containers in the background only: use --detach");
  if (engine.vm.bootstrap === "hang") await hangForEver();
  const environment = readEnvironment(values.env ?? []);
  const container = newContainer(values, command, Object.keys(environment), fetchImage(engine, image, switches), image);
  claim(engine, container);
  if (engine.vm.bootstrap === "fail") {
    // As a real engine does: the container is made, and stays, though it could not be started.
    print("stdout", container.id);
    throw refuse(
      "Error response from daemon: failed to create task for container: the simulated engine fails to order",
    );
  }
  writeContainer(engine, {
    ...container,
    state: "running",
    startedAt: new Date().toISOString(),
    agent: startAgent(engine, container, environment),
  });
  print("stdout", container.id);
}

function newContainer(
  values: Arguments["values"],
  command: string[],
  environment: string[],
  imageId: string,
  image: string,
): Container {
  const name = values.name?.at(-1) ?? `simulated_${randomBytes(4).toString("hex")}`;
  if (!containerNamePattern.test(name)) {
    throw refuse(
      `Error response from daemon: Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  }
  return {
    id: randomBytes(32).toString("hex"),
    name,
    image,
    imageId,
    command,
    environment,
    labels: Object.fromEntries((values.label ?? []).map((label) => splitPair(label))),
    volumes: values.volume ?? [],
    restart: values.restart?.at(-1) ?? "no",
    createdAt: new Date().toISOString(),
    startedAt: null,
    state: "created",
    agent: null,
  };
}

function claim(engine: Engine, container: Container): void {
  const owner = addContainer(engine, container);
  if (owner === null) return;
  throw refuse(
    `Error response from daemon: Conflict. The container name "/${owner.name}" is already in use by container "${owner.id}". You have to remove (or rename) that container to be able to reuse that name.`,
  );
}

function fetchImage(engine: Engine, name: string, switches: ReadonlySet<string>): string {
  try {
    const found = findImage(engine, name);
    if (found !== null) return found.id;
    if (!switches.has("quiet")) print("stderr", `Unable to find image '${name}' locally`);
    return pullImage(engine, name, switches.has("quiet") ? null : "stderr").id;
  } catch (error) {
    if (error instanceof Failure) throw refuse(error.message);
    throw error;
  }
}

/** `-e NAME` takes the client's own value, and nothing where there is none. */
function readEnvironment(given: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const pair of given) {
    const [name, value] = splitPair(pair);
    const used = pair.includes("=") ? value : process.env[name];
    if (used !== undefined) environment[name] = used;
  }
  return environment;
}

/** An agent of its own session: it outlives this command, and whoever ends this command's group. */
function startAgent(engine: Engine, container: Container, environment: Record<string, string>): Container["agent"] {
  const scriptUrl = environment[scriptUrlVariable];
  if (scriptUrl === undefined || isGone(engine)) return null;
  const inherited = ["PATH", "NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", reportVariable];
  const agent = spawn(
    process.execPath,
    [agentProgram, engine.cloud.directory, engine.vm.id, container.name, container.id],
    {
      cwd: "/",
      env: {
        ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
        [scriptUrlVariable]: scriptUrl,
        ...(environment[reportVariable] !== undefined && { [reportVariable]: environment[reportVariable] }),
      },
      stdio: "ignore",
      detached: true,
    },
  );
  agent.unref();
  return agent.pid === undefined ? null : { pid: agent.pid, namespace: ownNamespace() };
}

function refuse(reason: string): Failure {
  return new Failure(`docker: ${reason}\n\nRun 'docker run --help' for more information`, failedExitCode);
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at === -1 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

async function hangForEver(): Promise<never> {
  for (;;) await wait(2 ** 31 - 1);
}
