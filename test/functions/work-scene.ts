// A run of create, bootstrap or delete as the functions would start it, with real programs, and all that it said.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { AgentLaunch, EventMachine } from "../../functions/contract.ts";
import { findTools, type Tools, type ToolsConfig } from "../../functions/docker-machine/tools.ts";
import { runProgram } from "../../functions/programs/run-program.ts";
import type { WorkContext, WorkFunction, WorkResult } from "../../functions/work.ts";

const minute = 60 * 1000;
const helpDirectory = fileURLToPath(new URL("../fixtures/help/docker-machine", import.meta.url));
/** Of the machine that the tests run on: `sh`, `cat`, `sleep`, and the node that runs the tests. */
const systemPath = `${dirname(process.execPath)}:/usr/bin:/bin`;

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export function machineOf(changes: Partial<EventMachine> = {}): EventMachine {
  return {
    id: "mch_01",
    name: "web-1",
    machineName: "web-1-k3f9q2ab",
    driver: "oceanic",
    driverConfig: {},
    engine: {},
    labels: {},
    archive: null,
    resolved: null,
    ...changes,
  };
}

export const launch: AgentLaunch = {
  image: "docker:28-cli",
  command: ["sh", "-c", "wget -O - $URL | sh"],
  environment: { URL: "http://relay/v1/scripts/tok-en-42" },
  volumes: ["/var/run/docker.sock:/var/run/docker.sock"],
};

export interface Said {
  progress: { message: string; percent: number | null; stage: string | null }[];
  log: { stream: string; line: string }[];
  checkpoints: string[];
  secrets: string[];
}

export interface Run extends Said {
  result: WorkResult;
}

export interface RunOptions {
  machine: EventMachine;
  agent?: AgentLaunch;
  deadlineMs?: number;
  signal?: AbortSignal;
  environment?: Record<string, string>;
  onCheckpoint?: (archive: string) => void;
  said?: Said;
}

/** Checks and runs as the functions do: what `check` throws is thrown. */
export async function runWork(work: WorkFunction, tools: Tools, options: RunOptions): Promise<Run> {
  const { machine, agent, deadlineMs = minute, signal = new AbortController().signal } = options;
  const said: Said = options.said ?? { progress: [], log: [], checkpoints: [], secrets: [] };
  const directory = await temporaryDirectory();
  const context: WorkContext = {
    event: {
      id: "evt_01",
      name: "machine.test",
      resourceType: "machine",
      resourceId: machine.id,
      replyTo: "reply.evt_01",
      time: 1,
      data: { machine, ...(agent && { agent }) },
    },
    directory,
    signal,
    deadlineAt: performance.now() + deadlineMs,
    run: (command, programOptions = {}) =>
      runProgram(command, programOptions, { directory, environment: tools.config.environment, signal, lease: null }),
    progress: (message, percent, stage) => said.progress.push({ message, percent, stage }),
    log: (stream, line) => said.log.push({ stream, line }),
    checkpoint(archive) {
      said.checkpoints.push(archive);
      options.onCheckpoint?.(archive);
    },
    addSecrets: (values) => said.secrets.push(...values),
    mask: (text) => text,
  };
  await work.check(context.event);
  return { ...said, result: await work.work(context) };
}

export interface FakeTools {
  tools: Tools;
  directory: string;
  /** Each call of docker-machine and docker, as one line of arguments. Questions for version and help, and whether there is an engine, are left out. */
  calls(): Promise<string[]>;
  /** The environment of the last call of this command. */
  environmentOf(command: string): Promise<string>;
}

/**
 * A docker-machine of shell, with the real one's version and help; `commands` are its other commands' bodies. A body knows
 * `$NAME` (the last argument), `$STORE`, `$MACHINE` (its directory), and `save_record <id>`.
 */
export async function fakeDockerMachine(
  commands: Record<string, string>,
  config: Partial<ToolsConfig> & { dockerCommands?: Record<string, string> } = {},
): Promise<FakeTools> {
  const { dockerCommands = {}, ...toolsConfig } = config;
  const directory = await temporaryDirectory();
  const bin = join(directory, "bin");
  await mkdir(bin);
  await writeProgram(join(bin, "docker-machine"), dockerMachineScript(directory, commands));
  await writeProgram(join(bin, "docker"), dockerScript(directory, dockerCommands));
  return {
    directory,
    tools: findTools({
      dockerMachine: null,
      docker: null,
      // No cloud of this world is asked.
      environment: { PATH: `${bin}:${systemPath}`, HTTPS_PROXY: "http://127.0.0.1:1" },
      simulatedCloudDirectory: null,
      settleMs: 20,
      ...toolsConfig,
    }),
    async calls() {
      const text = await readFile(join(directory, "calls"), "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    },
    environmentOf: (command) => readFile(join(directory, `environment.${command}`), "utf8"),
  };
}

export async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

const branches = (commands: Record<string, string>) =>
  Object.entries(commands)
    .map(([name, body]) => `${name})\n${body}\n;;`)
    .join("\n");

const dockerMachineScript = (directory: string, commands: Record<string, string>) => `#!/bin/sh
[ "$1" = --version ] && echo 'docker-machine version 0.16.2, build bd45ab13' && exit 0
if [ "$4" = --help ]; then
  # DigitalOcean by another name: a driver whose provider only a person can look at.
  [ "$3" = oceanic ] && exec sed 's/--digitalocean-/--oceanic-/' ${helpDirectory}/digitalocean.txt
  cat ${helpDirectory}/"$3".txt 2>/dev/null && exit 0
  echo "Driver \\"$3\\" not found. Do you have the plugin binary \\"docker-machine-driver-$3\\" accessible in your PATH?" >&2
  exit 1
fi
echo "docker-machine $*" >> ${directory}/calls
env > ${directory}/environment."$1"
for NAME; do :; done
STORE=$MACHINE_STORAGE_PATH
MACHINE=$STORE/machines/$NAME
save_record() {
  mkdir -p "$MACHINE" "$STORE/certs"
  echo certificate > "$STORE/certs/ca.pem"
  # As the driver does it: no address before there is a machine.
  address=203.0.113.7
  [ "$1" = 0 ] && address=
  printf '{"Driver":{"IPAddress":"%s","DropletID":%s,"SSHUser":"root","SSHPort":22,"AccessToken":"%s","SSHKeyPath":"%s/id_rsa","StorePath":"%s"}}' \\
    "$address" "$1" "$DIGITALOCEAN_ACCESS_TOKEN" "$MACHINE" "$STORE" > "$MACHINE/config.json.tmp1"
  mv "$MACHINE/config.json.tmp1" "$MACHINE/config.json"
}
removed() { rm -r "$MACHINE"; echo "Successfully removed $NAME"; }
case "$1" in
${branches(commands)}
*) echo "unexpected command: $*" >&2; exit 1 ;;
esac
`;

const dockerScript = (directory: string, commands: Record<string, string>) => `#!/bin/sh
while true; do case "$1" in -*) shift ;; *) break ;; esac; done
# Asked by the driver \`container\` of its own accord.
[ "$1" = info ] && exit 1
echo "docker $*" >> ${directory}/calls
env > ${directory}/environment."$1"
case "$1" in
${branches(commands)}
*) echo "unexpected command: $*" >&2; exit 1 ;;
esac
`;
