// The census of drivers of our own, whose program takes it itself: `census <machine name>`, `destroy <id>`; with the
// options that say where to look, for where there is no record.
import Type from "typebox";
import { Value } from "typebox/value";
import type { Census } from "../census.ts";
import { describeFailure } from "../docker-machine/driver-errors.ts";
import { optionOf } from "../docker-machine/driver-options.ts";
import type { Job } from "../docker-machine/machine-job.ts";
import { WorkFailure } from "../work-failure.ts";
import { type GivenOptions, givenText } from "./given-option.ts";

const second = 1000;
const answerMsMax = 60 * second;

const Line = Type.Object({ id: Type.String(), name: Type.String(), machineName: Type.String() });

/** @param placeOptions those that say where the machine is */
export function programCensus(job: Job, given: GivenOptions, placeOptions: readonly string[]): Census {
  const { driver, machineName } = job.machine;
  const place = placeOptions.flatMap((name) => placeArguments(given, name));

  async function ask(question: readonly string[]): Promise<string> {
    const result = await job.run(question, { timeoutMs: answerMsMax, isLogged: false });
    if (result.exitCode === 0) return result.stdout;
    throw new WorkFailure("driver.failed", `The provider could not be asked: ${describeFailure(driver, result)}`);
  }

  return {
    async find() {
      const lines = (await ask(["census", ...place, machineName])).split("\n").filter((line) => line.trim() !== "");
      return lines.map((line) => {
        const found: unknown = JSON.parse(line);
        if (!Value.Check(Line, found)) throw new Error(`A census line is not as agreed: ${line.slice(0, 200)}`);
        return { id: found.id, name: found.name };
      });
    },
    async destroy({ id }) {
      await ask(["destroy", ...place, id]);
    },
    async removeKeys() {
      // They make none at their provider.
    },
    async close() {},
  };
}

/** Not those of `create`: where another option makes no sense any more there are none, and the place must not be another. */
function placeArguments(given: GivenOptions, name: string): string[] {
  const value = givenText(given, name);
  return value === null
    ? []
    : [`${optionOf({ driver: given.driver.name, options: given.driver.options }, name)!.flag}=${value}`];
}
