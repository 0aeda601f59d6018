// What `docker run` starts on a host so that it has an agent: image, command, environment, volumes. Pure, and the same
// for every attempt. The line that a person pastes to join a host says the same.
import { type AgentLaunch, agentContainerName } from "../../functions/contract.ts";
import { isLoopback, urlOf } from "../config.ts";

/** The path of a script is this and a token; the agent itself posts its token to the path without one. */
export const scriptsPath = "/v1/scripts";
export const scriptUrlVariable = "MACHINE_RELAY_SCRIPT_URL";
export const volumesDefault = ["/var/run/docker.sock:/var/run/docker.sock"] as const;

export interface AgentSettings {
  /** Where agents reach the relay, without a slash at its end. */
  url: string;
  /** Any image with sh, wget, timeout and the docker client. */
  image: string;
  /** Null: fetches the script and evaluates it. */
  command: readonly string[] | null;
  environment: Readonly<Record<string, string>>;
  /** Null: the engine's socket. */
  volumes: readonly string[] | null;
}

interface Place {
  host: string;
  port: number;
}

/**
 * Where agents reach this relay: PUBLIC_URL; else the listener for agents; else the relay's own. `problem` says for a
 * person why agents on other hosts cannot, if that is so.
 */
export function findAgentUrl(places: { publicUrl: string | null; agentListen: Place | null; listen: Place }): {
  url: string;
  problem: string | null;
} {
  if (places.publicUrl !== null) return { url: places.publicUrl.replace(/\/+$/, ""), problem: null };
  const { host, port } = places.agentListen ?? places.listen;
  return { url: urlOf(host, port), problem: describeReach(host) };
}

function describeReach(host: string): string | null {
  if (isLoopback(host)) return `Agents on other hosts cannot reach ${host}: set PUBLIC_URL or AGENT_LISTEN.`;
  if (host === "0.0.0.0" || host === "::") return `Nobody can be sent to ${host}: set PUBLIC_URL.`;
  return null;
}

// One line, because a person pastes it. What it takes care of: the token is in no argument list (printf is the shell's
// own); it goes on as the same agent after `docker restart`, by the token kept in the container; it waits for a relay
// that cannot be reached yet, and can be stopped meanwhile.
const fetchScript = [
  "umask 077",
  `d="\${MACHINE_RELAY_DIRECTORY:-/var/lib/machine-relay}"`,
  `u="$${scriptUrlVariable}"`,
  `mkdir -p "$d"`,
  `[ -s "$d/token" ] || printf "token=%s" "\${u##*/}" >"$d/token"`,
  `trap "exit 0" TERM INT`,
  `until s="$(timeout 30 wget -qO- --post-file="$d/token" "\${u%/*}")" && [ -n "$s" ]; do sleep 5 & wait "$!"; done`,
  `eval "$s"`,
].join("; ");

export function agentLaunch(token: string, settings: AgentSettings): AgentLaunch {
  return {
    image: settings.image,
    command: settings.command ? [...settings.command] : ["sh", "-c", fetchScript],
    environment: { ...settings.environment, [scriptUrlVariable]: `${settings.url}${scriptsPath}/${token}` },
    volumes: [...(settings.volumes ?? volumesDefault)],
  };
}

/** The same launch as one line for a shell. It holds the token: shown once, to whoever asked for it. */
export function joinLine(launch: AgentLaunch): string {
  const words = ["docker", "run", "-d", "--name", agentContainerName, "--restart", "unless-stopped"];
  for (const volume of launch.volumes) words.push("-v", volume);
  for (const [name, value] of Object.entries(launch.environment)) words.push("-e", `${name}=${value}`);
  return [...words, launch.image, ...launch.command].map(quoteForShell).join(" ");
}

/** One word for a POSIX shell, whatever is in it. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
