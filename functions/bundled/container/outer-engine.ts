// The engine that runs the machines: asked by the docker client.
import type { MachineRecord } from "../machine/record.ts";
import { Failure } from "../program.ts";
import { type DockerAnswer, type DockerOptions, runDocker, type Surroundings } from "./docker-client.ts";
import { knownFieldsOf } from "./record.ts";
import { describeUnreachable, wordsOf } from "./words.ts";

export interface OuterEngine {
  surroundings: Surroundings;
  facts: EngineFacts;
  /** Never throws for what the engine refuses. @throws Failure when it cannot be reached */
  ask(words: readonly string[], options?: DockerOptions): Promise<DockerAnswer>;
  /** What it printed. @throws Failure in the engine's words */
  get(words: readonly string[], options?: DockerOptions): Promise<string>;
}

export interface EngineFacts {
  id: string;
  version: string;
  /** `linux`; Windows' own engine has no dockerd for us. */
  kind: string;
  /** Are the addresses of its containers those of a network of this machine? */
  hasReachableContainers: boolean;
}

interface Info {
  ID?: string;
  ServerVersion?: string;
  OSType?: string;
  OperatingSystem?: string;
  SecurityOptions?: string[] | null;
  ServerErrors?: string[] | null;
}

/** @param dockerHost empty: as the docker client finds it @throws Failure with what to do when there is none */
export async function openEngine(dockerHost: string): Promise<OuterEngine> {
  // A context would win over the address.
  const surroundings = dockerHost === "" ? {} : { DOCKER_HOST: dockerHost, DOCKER_CONTEXT: undefined };

  async function ask(words: readonly string[], options?: DockerOptions): Promise<DockerAnswer> {
    const answer = await runDocker(words, surroundings, options);
    const problem = describeUnreachable(answer, dockerHost);
    if (problem !== null) throw new Failure(problem);
    return answer;
  }

  async function get(words: readonly string[], options?: DockerOptions): Promise<string> {
    const answer = await ask(words, options);
    if (answer.exitCode !== 0) throw new Failure(wordsOf(answer));
    return answer.stdout.trim();
  }

  const facts = readFacts(await get(["info", "--format", "{{json .}}"]), dockerHost);
  if (facts.kind !== "linux") {
    throw new Failure(`The Docker engine runs containers of ${facts.kind}: it must run those of linux.`);
  }
  return { surroundings, facts, ask, get };
}

/** The engine of a machine that exists. @throws Failure when another one answers in its place */
export async function openEngineOf(record: MachineRecord): Promise<OuterEngine> {
  const dockerHost = typeof record.Driver.DockerHost === "string" ? record.Driver.DockerHost : "";
  const engine = await openEngine(dockerHost);
  const { EngineId: known } = knownFieldsOf(record);
  if (known === "" || known === engine.facts.id) return engine;
  throw new Failure(
    `The Docker engine at ${dockerHost || "the docker client's usual place"} is not the one that has this machine: its id is ${engine.facts.id}, not ${known}. Lead DOCKER_HOST back to that engine. If it is gone for good, its containers are too: delete the machine by force.`,
  );
}

function readFacts(text: string, dockerHost: string): EngineFacts {
  const info = JSON.parse(text) as Info;
  if (info.ServerErrors?.length)
    throw new Failure(`The Docker engine does not answer: ${info.ServerErrors.join("; ")}`);
  const isOfThisMachine = process.platform === "linux" && (dockerHost === "" || dockerHost.startsWith("unix:"));
  const isElsewhere =
    /docker desktop/i.test(info.OperatingSystem ?? "") ||
    (info.SecurityOptions ?? []).some((option) => /rootless/.test(option));
  return {
    id: info.ID ?? "",
    version: info.ServerVersion ?? "",
    kind: info.OSType ?? "linux",
    hasReachableContainers: isOfThisMachine && !isElsewhere,
  };
}
