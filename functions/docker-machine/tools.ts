// Which program serves which driver, and which `docker` goes with it. Looked up anew each time (a few stats), so that a
// program that is installed or replaced later is found without a restart; versions are asked once for each file.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { askProgram } from "../programs/ask-program.ts";

/** The part of the functions' configuration that the work needs. */
export interface ToolsConfig {
  /** DOCKER_MACHINE: a path, or a name on PATH. Null: docker-machine, then rancher-machine, then functions/.bin. */
  readonly dockerMachine: string | null;
  /** DOCKER: a path, or a name on PATH. Null: docker. */
  readonly docker: string | null;
  /** What programs inherit; its PATH is where they are looked for. */
  readonly environment: Readonly<Record<string, string>>;
  /** SIMULATED_CLOUD_DIR. Null leaves it to the bundled program. */
  readonly simulatedCloudDirectory: string | null;
  /** ALLOW_SECRET_ARGUMENTS: drivers whose secrets may be seen in the process list. */
  readonly allowSecretArguments?: readonly string[];
  /** How long after docker-machine was killed a cloud call of it may still make something. */
  readonly settleMs?: number;
}

export interface Program {
  /** What it calls itself: `docker-machine`, `rancher-machine`, … */
  name: string;
  version: string;
  path: string;
  /** To be followed by the arguments. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Another one when the file is replaced. */
  fingerprint: string;
}

/** Either the thing, or why it is not there and how to get it. */
export type Lookup<Thing> = { found: Thing; missing: null } | { found: null; missing: string };

export interface Tools {
  config: ToolsConfig;
  /** Null: of the installed docker-machine. */
  findProgram(bundledDriver: string | null): Promise<Lookup<Program>>;
  findDocker(driver: string): Promise<Lookup<Pick<Program, "command" | "environment">>>;
}

export const howToGetDockerMachine =
  "Fetch it with `npm run get-docker-machine`, put docker-machine or rancher-machine on PATH, or set DOCKER_MACHINE.";

const ownBinDirectory = fileURLToPath(new URL("../.bin", import.meta.url));
const bundledDirectory = fileURLToPath(new URL("../bundled", import.meta.url));
const dockerMachineNames = ["docker-machine", "rancher-machine"];

/** The drivers that the project brings itself, each with its own docker-machine. */
export const bundledDrivers: readonly string[] = ["container", "simulated"];
/** Those whose machines only a docker of ours can speak to. */
const driversWithOwnDocker: readonly string[] = ["simulated"];

/** Who serves this driver: the name of a bundled one, or null for the installed docker-machine. */
export const bundledNameOf = (driver: string): string | null => (bundledDrivers.includes(driver) ? driver : null);

export function findTools(config: ToolsConfig): Tools {
  const versions = new Map<string, Promise<Lookup<{ name: string; version: string }>>>();

  async function describe(path: string, command: readonly string[], environment: Record<string, string>) {
    const { mtimeMs, size } = await stat(path);
    const fingerprint = `${path} ${mtimeMs} ${size}`;
    let asked = versions.get(fingerprint);
    if (asked === undefined) {
      asked = askVersion(path, command, { ...config.environment, ...environment });
      versions.set(fingerprint, asked);
    }
    const { found, missing } = await asked;
    // A broken program is asked again: it may have been out of memory, or half copied.
    if (found === null) {
      versions.delete(fingerprint);
      return { found, missing };
    }
    return { found: { ...found, path, command, environment, fingerprint }, missing: null };
  }

  const searchPath = directoriesOf(config);

  return {
    config,

    async findProgram(bundledDriver) {
      if (bundledDriver !== null) {
        const path = join(bundledDirectory, bundledDriver, "docker-machine.ts");
        if (!(await isFile(path))) return { found: null, missing: `${path} does not exist.` };
        const described = await describe(path, [process.execPath, path], bundledEnvironment(bundledDriver, config));
        if (described.found === null) return described;
        // It answers as docker-machine does, its name included; nobody should take it for that.
        return { ...described, found: { ...described.found, name: bundledDriver } };
      }
      const names = config.dockerMachine === null ? dockerMachineNames : [config.dockerMachine];
      const path = await findExecutable(names, [...searchPath, ownBinDirectory]);
      if (path.found === null) {
        const reason = config.dockerMachine === null ? path.missing : `DOCKER_MACHINE: ${path.missing}`;
        return { found: null, missing: `${reason} ${howToGetDockerMachine}` };
      }
      return describe(path.found, [path.found], {});
    },

    async findDocker(driver) {
      if (driversWithOwnDocker.includes(driver)) {
        const path = join(bundledDirectory, driver, "docker.ts");
        const environment = bundledEnvironment(driver, config);
        return { found: { command: [process.execPath, path], environment }, missing: null };
      }
      const path = await findExecutable([config.docker ?? "docker"], searchPath);
      if (path.found !== null) return { found: { command: [path.found], environment: {} }, missing: null };
      return { found: null, missing: `${path.missing} Install the docker client on PATH, or set DOCKER.` };
    },
  };
}

function bundledEnvironment(driver: string, { simulatedCloudDirectory, docker }: ToolsConfig): Record<string, string> {
  if (driver === "container") return docker === null ? {} : { DOCKER: docker };
  return simulatedCloudDirectory === null ? {} : { SIMULATED_CLOUD_DIR: simulatedCloudDirectory };
}

/** "docker-machine version 0.16.2, build bd45ab13" */
async function askVersion(
  path: string,
  command: readonly string[],
  environment: Record<string, string>,
): Promise<Lookup<{ name: string; version: string }>> {
  const answer = await askProgram([...command, "--version"], { environment });
  const [, name, version] = /^(\S+) version v?([^\s,]+)/m.exec(answer.stdout) ?? [];
  if (answer.exitCode === 0 && name !== undefined && version !== undefined) {
    return { found: { name, version }, missing: null };
  }
  const words = lastLine(answer.stderr) ?? lastLine(answer.stdout) ?? "it said nothing";
  const reason = answer.failure ?? `\`--version\` ended with exit code ${answer.exitCode}: ${words}`;
  return { found: null, missing: `${path} does not work: ${reason}. ${howToGetDockerMachine}` };
}

export const directoriesOf = ({ environment }: ToolsConfig): string[] =>
  (environment.PATH ?? "").split(delimiter).filter((directory) => directory !== "");

/** The first of these names that is executable; names with a slash are paths. */
async function findExecutable(names: readonly string[], directories: readonly string[]): Promise<Lookup<string>> {
  let unusable: string | null = null;
  for (const name of names) {
    const paths =
      isAbsolute(name) || name.includes("/") ? [resolve(name)] : directories.map((directory) => join(directory, name));
    for (const path of paths) {
      if (!(await isFile(path))) continue;
      if (await isExecutable(path)) return { found: path, missing: null };
      // As a shell does: the search goes on. But if nothing else is found, this is what to tell.
      unusable ??= `${path} is not executable.`;
    }
  }
  return { found: null, missing: unusable ?? `${names.join(" or ")} was not found.` };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string | null {
  return text.trimEnd().split("\n").at(-1)?.trim().slice(0, 500) || null;
}
