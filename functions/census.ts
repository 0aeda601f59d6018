// What does the provider have that carries this machine's marks? Only where a driver's provider can be asked.
import { setTimeout as wait } from "node:timers/promises";
import Type from "typebox";
import { Value } from "typebox/value";
import { describeFailure } from "./docker-machine/driver-errors.ts";
import type { Job } from "./docker-machine/machine-job.ts";
import { WorkFailure } from "./work-failure.ts";

const second = 1000;
const censusMsMax = 60 * second;
/** Removed, looked, still there: so often, then it is told. */
const roundsMax = 5;
const betweenRoundsMs = second;

export const FoundMachine = Type.Object({ id: Type.String(), name: Type.String(), machineName: Type.String() });
export type FoundMachine = Type.Static<typeof FoundMachine>;

export interface Census {
  /** @throws WorkFailure with the provider's words when it does not answer */
  find(): Promise<FoundMachine[]>;
  /** @throws WorkFailure */
  destroy(id: string): Promise<void>;
}

/**
 * The drivers whose program takes a census itself: `census <machine name>`, `destroy <id>`; with the options that say
 * where to look, for where there is no record.
 */
const driversWithCensus: Readonly<Record<string, readonly string[]>> = {
  container: ["--container-docker-host"],
  simulated: [],
};

export const hasCensus = (driver: string): boolean => Object.hasOwn(driversWithCensus, driver);

/** Null: nobody can look but a person. */
export function censusOf(job: Job): Census | null {
  const { driver, machineName } = job.machine;
  if (!hasCensus(driver)) return null;
  const place = placeArguments(driversWithCensus[driver]!, job.createArguments?.arguments ?? []);

  async function ask(question: readonly string[]): Promise<string> {
    const result = await job.run(question, { timeoutMs: censusMsMax, isLogged: false });
    if (result.exitCode === 0) return result.stdout;
    throw new WorkFailure("driver.failed", `The provider could not be asked: ${describeFailure(driver, result)}`);
  }

  return {
    async find() {
      const lines = (await ask(["census", ...place, machineName])).split("\n").filter((line) => line.trim() !== "");
      return lines.map((line) => {
        const found: unknown = JSON.parse(line);
        if (!Value.Check(FoundMachine, found)) throw new Error(`A census line is not as agreed: ${line.slice(0, 200)}`);
        return found;
      });
    },
    async destroy(id) {
      await ask(["destroy", ...place, id]);
    },
  };
}

/** Those of a create's arguments, in either of their two forms. */
function placeArguments(flags: readonly string[], createArguments: readonly string[]): string[] {
  return createArguments.flatMap((word, index) => {
    if (flags.some((flag) => word.startsWith(`${flag}=`))) return [word];
    return flags.includes(word) ? [word, createArguments[index + 1]!] : [];
  });
}

/**
 * Removes every VM with our marks but one, and looks again until no other is left.
 * @returns how many were removed
 * @throws WorkFailure when the provider refuses, or one will not go
 */
export async function removeFound(job: Job, census: Census, keepId: string | null): Promise<number> {
  let removed = 0;
  for (let round = 0; ; round += 1) {
    const others = (await census.find()).filter(({ id }) => id !== keepId);
    if (others.length === 0) return removed;
    if (round === roundsMax) {
      throw new WorkFailure("driver.failed", `The provider still has ${others.map(({ id }) => id).join(", ")}`);
    }
    if (round > 0) await wait(betweenRoundsMs, undefined, { signal: job.context.signal });
    for (const { id, name } of others) {
      job.context.log("note", `The census found ${name} (${id}): removing it`);
      await census.destroy(id);
      removed += 1;
    }
  }
}
