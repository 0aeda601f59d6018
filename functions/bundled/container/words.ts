// What the docker client says when it fails, made readable: what is the matter, and what to do. Pure.
import type { DockerAnswer } from "./docker-client.ts";

/** An engine that cannot be spoken to at all. `{engine}` stands for where it was looked for. */
const unreachable: readonly [RegExp, string][] = [
  [
    /permission denied while trying to connect/i,
    'This user may not speak to the Docker engine at {engine}. Add it to the group of the socket (sudo usermod -aG docker "$USER", then log in again), or choose another engine with DOCKER_HOST.',
  ],
  [
    /cannot connect to the docker daemon|failed to connect to the docker api|error during connect|dial unix/i,
    "No Docker engine answers at {engine}. Start it, or choose another one with DOCKER_HOST.",
  ],
  [/context .* (not found|does not exist)|unable to resolve docker endpoint/i, "The docker client has no such engine."],
];

const wordsCharactersMax = 2000;

/** Null: the engine answers. Else why there is nothing to talk to, and how to get it. */
export function describeUnreachable(answer: DockerAnswer, dockerHost: string): string | null {
  if (answer.startError !== null) {
    const reason = answer.startError.code === "ENOENT" ? "it was not found" : answer.startError.message;
    return `There is no docker client here (${reason}). Install it on PATH, or set DOCKER.`;
  }
  if (answer.exitCode === 0) return null;
  const known = unreachable.find(([pattern]) => pattern.test(answer.stderr));
  if (known === undefined) return null;
  const engine =
    dockerHost || (/\b(unix|tcp|npipe|ssh|https?):\/\/[^\s;?"']+/.exec(answer.stderr)?.[0] ?? "its usual place");
  return `${known[1].replace("{engine}", engine.replace(/[.:]+$/, ""))} (docker: ${wordsOf(answer)})`;
}

/** The client's own words, without its preambles. */
export function wordsOf({ stderr, stdout, exitCode, startError }: DockerAnswer): string {
  if (startError !== null) return startError.message;
  const text = (stderr.trim() || stdout.trim())
    .split("\n")
    .filter((line) => !/^(Error: failed to (start|create) containers|See 'docker|Run 'docker|\s*$)/i.test(line))
    .map((line) => line.replace(/^(docker: )?(Error response from daemon: )+/i, ""))
    .join("\n");
  return text.slice(0, wordsCharactersMax) || `it ended with exit code ${exitCode}, without a word`;
}

export const saysGone = ({ stderr }: DockerAnswer): boolean => /no such (container|volume|object)/i.test(stderr);

export const saysPortTaken = (words: string): boolean =>
  /port is already allocated|address already in use/i.test(words);

/** The engine's machine has not all the rights that --privileged passes on, or it allows nobody that much. */
export const saysNotPrivileged = (words: string): boolean =>
  /unable to apply caps|operation not permitted|privileged mode is incompatible|privileged.*not (allowed|permitted)/i.test(
    words,
  );

export const notPrivileged =
  "The engine may not run a container with --privileged: choose --container-privileged=auto, or no.";

/** The image has not even a shell. */
export const saysNoShell = (words: string): boolean =>
  /exec: "sh": executable file not found|exec: "sh": stat/i.test(words);

export const describeNoDockerd = (image: string): string =>
  `The image ${image} has no dockerd in it: it cannot be a Docker host. Choose one that has, such as docker:28-dind.`;

export const describeNoImage = (image: string, words: string): string =>
  `The engine does not have the image ${image}, and could not pull it: ${words}. Look whether the name is right and the registry can be reached from there, or load the image (docker load), or choose another one (--container-image).`;
