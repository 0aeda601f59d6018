// The agent on a machine's engine, started and removed with the `docker` client: the same line that a person would run.
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type AgentLaunch, agentContainerName } from "../contract.ts";
import type { ProgramResult } from "../work.ts";
import { WorkFailure } from "../work-failure.ts";
import { type ConfigFlags, parseConfigFlags } from "./config-flags.ts";
import { describeFailure } from "./driver-errors.ts";
import type { Job } from "./machine-job.ts";

const second = 1000;
const minute = 60 * second;
const questionMsMax = 30 * second;
const pullMsMax = 15 * minute;
/** A container that ends at once is no agent: it is looked at twice, this far apart. */
const looksApartMs = second;
const logLinesShown = 20;
/** Their program copies an image from the engine that runs the machine: `lend-image <machine name> <image>`. */
const driversThatLendImages: ReadonlySet<string> = new Set(["container"]);
/** Which launch a container is of, so that a second run of bootstrap leaves it alone. */
const launchLabel = "machine-relay.launch";

/** The docker client, led to this machine's engine. */
export interface EngineClient {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
}

/** @throws WorkFailure with docker-machine's words when the engine does not answer */
export async function connectEngine(job: Job, timeoutMs: number): Promise<EngineClient> {
  const { machine, tools } = job;
  const result = await job.run(["config", machine.machineName], { timeoutMs, isLogged: false });
  const flags: ConfigFlags = parseConfigFlags(result.stdout);
  if (result.exitCode !== 0 || flags.url === null) {
    const words = describeFailure(machine.driver, result);
    throw new WorkFailure("driver.failed", `The machine's Docker engine cannot be reached: ${words}`);
  }
  const { found, missing } = await tools.findDocker(machine.driver);
  if (found === null) throw new WorkFailure("docker.unavailable", `There is no docker client here. ${missing}`);
  return { command: [...found.command, ...flags.arguments], environment: found.environment };
}

/** Makes sure that one agent of this launch runs. @throws WorkFailure */
export async function startAgent(job: Job, client: EngineClient, launch: AgentLaunch): Promise<void> {
  const { context } = job;
  const hash = hashLaunch(launch);
  const known = await inspectAgent(job, client);
  if (known !== null && isRunning(known) && known.Config?.Labels?.[launchLabel] === hash) return;
  await pullImage(job, client, launch.image);
  if (known !== null) await removeAgent(job, client, questionMsMax);
  context.progress("Starting the agent", 80, "agent");
  const started = await docker(job, client, runArguments(launch, hash), {
    timeoutMs: pullMsMax,
    // The names are in the arguments, the values only here: the process list shows no token.
    environment: launch.environment,
  });
  if (started.exitCode !== 0) throw refused("The agent could not be started", started);
  await requireRunning(job, client);
}

export function runArguments({ image, command, environment, volumes }: AgentLaunch, hash: string): string[] {
  const names = Object.keys(environment).sort();
  return [
    ...["run", "-d", "--name", agentContainerName, "--restart", "unless-stopped", "--label", `${launchLabel}=${hash}`],
    ...names.flatMap((name) => ["-e", name]),
    ...volumes.flatMap((volume) => ["-v", volume]),
    image,
    ...command,
  ];
}

/** The same for the same launch, whatever the order of its variables. */
export function hashLaunch({ image, command, environment, volumes }: AgentLaunch): string {
  const variables = Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([image, command, variables, volumes]))
    .digest("hex");
}

/** Gone already is fine. @throws WorkFailure */
export async function removeAgent(job: Job, client: EngineClient, timeoutMs: number): Promise<void> {
  const result = await docker(job, client, ["rm", "-f", agentContainerName], { timeoutMs });
  if (result.exitCode === 0 || isUnknownThere(result)) return;
  throw refused("The agent could not be removed", result);
}

async function pullImage(job: Job, client: EngineClient, image: string): Promise<void> {
  const known = await docker(job, client, ["inspect", "--type", "image", image], {
    timeoutMs: questionMsMax,
    isLogged: false,
  });
  if (known.exitCode === 0) return;
  if (!isUnknownThere(known)) throw refused("The engine does not answer", known);
  job.context.progress(`Pulling ${image}`, 30, "pull");
  if (driversThatLendImages.has(job.machine.driver)) {
    // Whatever comes of it: without, the engine pulls it itself, as every other one does.
    const lent = await job.run(["lend-image", job.machine.machineName, image], { timeoutMs: pullMsMax });
    if (lent.exitCode === 0) return;
  }
  const pulled = await docker(job, client, ["pull", image], { timeoutMs: pullMsMax });
  if (pulled.exitCode !== 0) throw refused(`The agent's image ${image} could not be pulled`, pulled);
}

async function requireRunning(job: Job, client: EngineClient): Promise<void> {
  for (const isFirstLook of [true, false]) {
    const container = await inspectAgent(job, client);
    if (container === null || !isRunning(container)) {
      const state = container?.State?.Status ?? "gone";
      const logs = await docker(job, client, ["logs", "--tail", String(logLinesShown), agentContainerName], {
        timeoutMs: questionMsMax,
        isLogged: false,
      });
      const lines = `${logs.stdout}\n${logs.stderr}`.trim();
      const said = logs.exitCode === 0 && lines !== "" ? `; the last it said: ${lines}` : "";
      throw new WorkFailure("agent.failed", `The agent's container does not stay up (it is ${state})${said}`);
    }
    if (isFirstLook) await wait(looksApartMs, undefined, { signal: job.context.signal });
  }
}

interface Container {
  State?: { Running?: boolean; Restarting?: boolean; Status?: string };
  RestartCount?: number;
  Config?: { Labels?: Record<string, string> | null };
}

const isRunning = ({ State }: Container): boolean => State?.Running === true && State.Restarting !== true;

/** Null: there is none. @throws WorkFailure */
async function inspectAgent(job: Job, client: EngineClient): Promise<Container | null> {
  const result = await docker(job, client, ["inspect", "--type", "container", agentContainerName], {
    timeoutMs: questionMsMax,
    isLogged: false,
  });
  if (result.exitCode !== 0) {
    if (isUnknownThere(result)) return null;
    throw refused("The engine does not answer", result);
  }
  try {
    return (JSON.parse(result.stdout) as Container[])[0] ?? null;
  } catch {
    throw new WorkFailure("agent.failed", "`docker inspect` did not answer with JSON");
  }
}

const isUnknownThere = ({ stderr }: ProgramResult): boolean => /no such (object|container|image)/i.test(stderr);

function docker(
  job: Job,
  { command, environment }: EngineClient,
  dockerArguments: readonly string[],
  options: Parameters<Job["runCommand"]>[1],
): Promise<ProgramResult> {
  return job.runCommand([...command, ...dockerArguments], {
    ...options,
    environment: { ...options.environment, ...environment },
  });
}

function refused(what: string, result: ProgramResult): WorkFailure {
  const code = result.endedBy === "timeout" ? "agent.timeout" : "agent.failed";
  const words = `${result.stderr.trim() || describeFailure("docker", result)}`.slice(0, 4000);
  return new WorkFailure(code, `${what}: ${result.startError === null ? words : result.startError}`);
}
