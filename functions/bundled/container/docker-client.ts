// Runs the docker client: what it printed, and how it ended. Nothing of it is interpreted here.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Lists and documents; a log is cut by --tail. */
const outputCharactersMax = 4 * 1024 * 1024;

export interface DockerAnswer {
  /** Null: it could not be started, or was killed. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** There is no such program here, or it may not be run. */
  startError: NodeJS.ErrnoException | null;
}

export interface DockerOptions {
  input?: Buffer;
  onLine?: (line: string) => void;
  /** Kills the client; what it has asked the engine for goes on. */
  signal?: AbortSignal;
}

/** Where the client is led to: variables over those of this process; undefined takes one away. */
export type Surroundings = Readonly<Record<string, string | undefined>>;

export async function runDocker(
  words: readonly string[],
  surroundings: Surroundings,
  { input, onLine, signal }: DockerOptions = {},
): Promise<DockerAnswer> {
  const child = start(words, surroundings, ["pipe", "pipe", "pipe"], signal);
  // It may end before it has read everything: then its exit code tells.
  child.stdin!.on("error", () => undefined);
  child.stdin!.end(input);
  return collect(child, onLine);
}

/** One client's output is another one's input, as in `docker save | docker load`. */
export async function pipeDocker(
  source: { words: readonly string[]; surroundings: Surroundings },
  target: { words: readonly string[]; surroundings: Surroundings },
): Promise<{ source: DockerAnswer; target: DockerAnswer }> {
  const from = start(source.words, source.surroundings, ["ignore", "pipe", "pipe"]);
  const to = start(target.words, target.surroundings, ["pipe", "pipe", "pipe"]);
  const copied = pipeline(from.stdout as Readable, to.stdin as Writable).catch(() => undefined);
  // The image itself is no answer.
  const answers = Promise.all([collect(from, undefined, false), collect(to)]);
  await copied;
  const [sourceAnswer, targetAnswer] = await answers;
  return { source: sourceAnswer, target: targetAnswer };
}

function start(
  words: readonly string[],
  surroundings: Surroundings,
  stdio: ["pipe" | "ignore", "pipe", "pipe"],
  signal?: AbortSignal,
): ChildProcess {
  const environment = { ...process.env, DOCKER_CLI_HINTS: "false", ...surroundings };
  return spawn(process.env.DOCKER || "docker", words, { stdio, env: environment, ...(signal && { signal }) });
}

async function collect(
  child: ChildProcess,
  onLine?: (line: string) => void,
  isOutputKept = true,
): Promise<DockerAnswer> {
  const answer: DockerAnswer = { exitCode: null, stdout: "", stderr: "", startError: null };
  const keep = (name: "stdout" | "stderr") => {
    let rest = "";
    child[name]!.setEncoding("utf8").on("data", (chunk: string) => {
      if (answer[name].length < outputCharactersMax) answer[name] += chunk;
      const lines = `${rest}${chunk}`.split(/\r?\n|\r/);
      rest = lines.pop()!.slice(0, outputCharactersMax);
      for (const line of lines) onLine?.(line);
    });
  };
  if (isOutputKept) keep("stdout");
  keep("stderr");
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.on("error", (error) => {
    if (error.name !== "AbortError") answer.startError = error;
    resolve(null);
  });
  child.on("close", resolve);
  answer.exitCode = await ended;
  return answer;
}
