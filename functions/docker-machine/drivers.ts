// The catalogue: which drivers there are, who serves them, and which options they have. Everything is asked of the
// programs themselves and kept for as long as their files stay the same.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import type { Driver, DriverOption, Recommendation } from "../contract.ts";
import { FunctionProblem } from "../problem.ts";
import { askProgram } from "../programs/ask-program.ts";
import { ownOptions } from "./driver-help.ts";
import { nearestOf } from "./driver-options.ts";
import { type RecommendedEntry, recommendedFor } from "./recommended-values.ts";
import { bundledDrivers, bundledNameOf, directoriesOf, isExecutable, type Program, type Tools } from "./tools.ts";

/** Compiled into docker-machine; no command lists them. The last two are the fork's. */
const coreDrivers = [
  ..."amazonec2 azure digitalocean exoscale generic google hyperv none openstack rackspace softlayer".split(" "),
  ..."virtualbox vmwarefusion vmwarevcloudair vmwarevsphere noop pod".split(" "),
];
const forkDrivers = new Set(["noop", "pod"]);
const pluginPrefix = "docker-machine-driver-";
const driverName = /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/;
/** Each question is a process or three of docker-machine's. */
const questionsAtOnceMax = 4;
const catalogueEntriesMax = 500;
/** Their program says whether it has all that it needs: `check`. */
const driversWithCheck: ReadonlySet<string> = new Set(["container"]);
/** Whoever asks for a driver waits so long at most. */
const checkMsMax = 3_000;
const checkKeptMs = 5_000;

export type KnownDriver = Driver & { options: DriverOption[] };

export interface Catalogue {
  /** All that could be used, also what is missing here; without options. */
  list(): Promise<Driver[]>;
  /** Null: nobody knows this driver. */
  find(name: string): Promise<KnownDriver | null>;
  /** The same, but for what a driver needs besides its program: a machine may have been made elsewhere than is usual. */
  findProgramOf(name: string): Promise<KnownDriver | null>;
}

const catalogues = new WeakMap<Tools, Catalogue>();

export function catalogueOf(tools: Tools): Catalogue {
  let catalogue = catalogues.get(tools);
  if (catalogue === undefined) {
    catalogue = buildCatalogue(tools);
    catalogues.set(tools, catalogue);
  }
  return catalogue;
}

/**
 * A driver that can be used here.
 * @throws FunctionProblem 422 `driver.notFound` with the nearest name, `driver.unavailable` with how to get it
 */
export async function requireDriver(tools: Tools, name: string): Promise<{ driver: KnownDriver; program: Program }> {
  const driver = await catalogueOf(tools).findProgramOf(name);
  if (driver === null) throw await notFound(tools, name);
  const { found: program } = await tools.findProgram(bundledNameOf(name));
  if (driver.unavailable !== null || program === null) {
    throw new FunctionProblem({
      status: 422,
      code: "driver.unavailable",
      detail: `The driver ${name} is not available here. ${driver.unavailable ?? "Its program is gone."}`,
      field: "driver",
      got: name,
    });
  }
  return { driver, program };
}

async function notFound(tools: Tools, name: string): Promise<FunctionProblem> {
  const nearest = nearestOf(
    name,
    (await catalogueOf(tools).list()).map((driver) => driver.name),
  );
  return new FunctionProblem({
    status: 422,
    code: "driver.notFound",
    detail: `There is no driver ${name}.${nearest === null ? "" : ` Did you mean ${nearest}?`} A driver of your own needs ${pluginPrefix}${name} on PATH.`,
    field: "driver",
    expected: nearest === null ? "a driver" : `a driver, for example ${nearest}`,
    got: name,
  });
}

function buildCatalogue(tools: Tools): Catalogue {
  const queue = new PQueue({ concurrency: questionsAtOnceMax });
  const answers = new Map<string, Promise<string | null>>();

  /** The help for a driver; null when the program does not know it. */
  function askHelp(program: Program, name: string, pluginFingerprint: string): Promise<string | null> {
    const key = `${program.fingerprint} ${name} ${pluginFingerprint}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    if (answers.size >= catalogueEntriesMax) answers.clear();
    const asked = queue.add(async () => {
      const command = [...program.command, "create", "-d", name, "--help"];
      const answer = await askProgram(command, {
        environment: { ...tools.config.environment, ...program.environment },
      });
      if (answer.exitCode === 0) return answer.stdout;
      if (/not found|unknown driver/i.test(answer.stderr)) return null;
      throw new Error(
        `${program.path} does not tell the options of ${name}: ${answer.failure ?? answer.stderr.trim().slice(0, 500)}`,
      );
    });
    answers.set(key, asked);
    // A failure is asked again.
    asked.catch(() => answers.delete(key));
    return asked;
  }

  const checks = new Map<string, { words: Promise<string | null>; until: number }>();

  /** Null: it has all that it needs. Asked again after a short while: an engine may be started, or end. */
  function askCheck(program: Program): Promise<string | null> {
    const known = checks.get(program.fingerprint);
    if (known !== undefined && performance.now() < known.until) return known.words;
    const words = askProgram([...program.command, "check"], {
      environment: { ...tools.config.environment, ...program.environment },
      timeoutMs: checkMsMax,
    }).then(({ exitCode, stderr, failure }) => {
      if (failure !== null) return `What it needs could not be looked for: ${failure}.`;
      return exitCode === 0 ? null : stderr.trim().slice(0, 1000);
    });
    checks.set(program.fingerprint, { words, until: performance.now() + checkKeptMs });
    return words;
  }

  async function find(name: string): Promise<KnownDriver | null> {
    const driver = await findProgramOf(name);
    if (driver === null || driver.unavailable !== null || !driversWithCheck.has(name)) return driver;
    const { found: program } = await tools.findProgram(bundledNameOf(name));
    return program === null ? driver : { ...driver, unavailable: await askCheck(program) };
  }

  async function findProgramOf(name: string): Promise<KnownDriver | null> {
    if (!driverName.test(name)) return null;
    const bundled = bundledNameOf(name);
    const isSimulated = name === "simulated";
    const plugins = bundled === null ? await findPlugins(tools) : new Map<string, string>();
    const isKnown = bundled !== null || coreDrivers.includes(name) || plugins.has(name);
    const { found: program, missing } = await tools.findProgram(bundled);
    if (program === null) {
      if (!isKnown) return null;
      return { name, program: null, unavailable: missing, isSimulated, options: [] };
    }
    const help = await askHelp(program, name, plugins.get(name) ?? "");
    if (help === null) return null;
    const shared =
      bundled === null ? await Promise.all([askHelp(program, "none", ""), askHelp(program, "generic", "")]) : [];
    const [one, other] = shared;
    return {
      name,
      program: { name: program.name, version: program.version, path: program.path },
      unavailable: null,
      isSimulated,
      options: ownOptions(name, help, one && other ? [one, other] : null).map((option) =>
        buildCatalogueOption(name, option, tools.config.environment),
      ),
    };
  }

  return {
    find,
    findProgramOf,
    async list() {
      const { found: installed } = await tools.findProgram(null);
      // Without docker-machine the drivers of the original stay visible, as something that can be had.
      const core = installed === null ? coreDrivers.filter((name) => !forkDrivers.has(name)) : coreDrivers;
      const names = new Set([...bundledDrivers, ...core, ...(await findPlugins(tools)).keys()]);
      const found = await Promise.all(
        [...names].map((name) => find(name).catch((error: Error) => broken(name, error))),
      );
      return found
        .filter((driver) => driver !== null)
        .map(({ options: _, ...driver }) => driver)
        .sort((one, other) => (one.name < other.name ? -1 : 1));
    },
  };
}

/** With what is known of it here, besides its help. @param environment of the programs that the functions start */
export function buildCatalogueOption(
  driver: string,
  option: DriverOption,
  environment: Readonly<Record<string, string>>,
): DriverOption {
  const { name, default: byDefault, environmentVariable } = option;
  return {
    ...option,
    isSetThere: Boolean(environmentVariable && environment[environmentVariable]),
    recommended: describeRecommended(recommendedFor(driver, name, byDefault)),
  };
}

function describeRecommended(entry: RecommendedEntry | null): Recommendation | null {
  if (entry === null) return null;
  const { value, reason, source } = entry;
  return {
    ...("text" in value ? { value: value.text, lookUp: null } : { value: null, lookUp: value.lookUp }),
    ...{ reason, source },
  };
}

function broken(name: string, { message }: Error): KnownDriver {
  return { name, program: null, unavailable: message, isSimulated: name === "simulated", options: [] };
}

/** The drivers that are programs of their own on the search path, by name, each with the fingerprint of its file. */
async function findPlugins({ config }: Tools): Promise<Map<string, string>> {
  const plugins = new Map<string, string>();
  for (const directory of directoriesOf(config)) {
    const entries = await readdir(directory).catch(() => []);
    for (const entry of entries) {
      const name = entry.slice(pluginPrefix.length);
      if (!entry.startsWith(pluginPrefix) || !driverName.test(name) || plugins.has(name)) continue;
      const path = join(directory, entry);
      const file = await stat(path).catch(() => null);
      if (!file?.isFile() || !(await isExecutable(path))) continue;
      plugins.set(name, `${path} ${file.mtimeMs} ${file.size}`);
    }
  }
  return plugins;
}
