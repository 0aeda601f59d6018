// The compose file as its users start it, with images built from this tree and a project of its own.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { sumOf } from "../../functions/get-docker-machine/download.ts";
import { bridgeAddress, docker, dockerEnvironment, findProgram } from "./engine.ts";
import { machinePrograms } from "./machine-programs.ts";
import { findFreePorts } from "./program.ts";
import { RelayClient, untilReady } from "./relay-client.ts";

const root = new URL("../..", import.meta.url).pathname;
const readyMsMax = 60_000;

export interface Composed extends AsyncDisposable {
  client: RelayClient;
  port: number;
  project: string;
  compose(...words: string[]): Promise<string>;
  /** What a shell in a service's first container prints. */
  inside(service: string, script: string): Promise<string>;
  readKey(): Promise<string>;
  /** The ids of a service's containers. */
  containersOf(service: string): Promise<string[]>;
}

/** Null: there is no compose here. */
export async function findCompose(): Promise<string[] | null> {
  // Version 2 is a part of docker; Debian 12 has version 1, a program of its own.
  const { exitCode } = await execa("docker", ["compose", "version"], { reject: false });
  if (exitCode === 0) return ["docker", "compose"];
  const path = findProgram("docker-compose");
  return path ? [path] : null;
}

export interface ComposeOptions {
  project: string;
  /** Of `up`: `--scale create=2`. */
  up?: readonly string[];
  environment?: Record<string, string>;
  /** Where agents of hosts on this engine reach the published port. */
  agentAddress?: string;
}

/** Builds, starts, and waits until the relay answers. Disposed, nothing of it is left. */
export async function composeUp(
  command: readonly string[],
  { project, up = [], environment = {}, agentAddress }: ComposeOptions,
): Promise<Composed> {
  const [port = 0, agentPort = 0] = await findFreePorts(2);
  await using undo = new AsyncDisposableStack();
  const machine = undo.use(await serveMachineProgram());
  const variables = {
    ...dockerEnvironment,
    ...machine.variables,
    ...{ PORT: String(port), AGENT_PORT: String(agentPort), COMPOSE_PROJECT_NAME: project },
    ...(agentAddress && { AGENT_ADDRESS: agentAddress, PUBLIC_URL: `http://${agentAddress}:${agentPort}` }),
    ...environment,
  };
  const [program, ...first] = command;
  const compose = async (...words: string[]): Promise<string> =>
    (await execa(program!, [...first, ...words], { cwd: root, env: variables })).stdout;
  const inside = (service: string, script: string) => compose("exec", "-T", service, "sh", "-c", script);

  undo.defer(async () => {
    await compose("down", "--volumes", "--timeout", "10");
    for (const kind of ["ps --all", "volume ls", "network ls"]) {
      const words = [...kind.split(" "), "--quiet", "--filter", `label=com.docker.compose.project=${project}`];
      const left = await docker(words);
      if (left !== "") throw new Error(`compose has left, of ${kind}: ${left}`);
    }
  });
  await compose("up", "--detach", "--build", ...up);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, readyMsMax);
  /** As the compose file says that a person reads it. */
  const readKey = () => compose("exec", "-T", "relay", "cat", "/secrets/relay/api-key");
  const client = new RelayClient(url, await readKey());
  const everything = undo.move();
  return {
    ...{ client, port, project, compose, inside, readKey },
    containersOf: async (service) => (await compose("ps", "--quiet", service)).split("\n").filter((id) => id !== ""),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** For the build: the docker-machine of this machine at an address, with its sum; or none. */
async function serveMachineProgram(): Promise<AsyncDisposable & { variables: Record<string, string> }> {
  const [path] = machinePrograms;
  if (path === undefined) return { variables: { MACHINE_URL: "" }, async [Symbol.asyncDispose]() {} };
  const server = createServer((_, response) => createReadStream(path).pipe(response));
  server.listen(0, bridgeAddress);
  await once(server, "listening");
  return {
    variables: {
      // The same address each time would let a build be kept; its sum does not change, and that is what counts.
      MACHINE_URL: `http://${bridgeAddress}:${(server.address() as AddressInfo).port}/docker-machine`,
      MACHINE_SHA256: (await sumOf(path))!,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
