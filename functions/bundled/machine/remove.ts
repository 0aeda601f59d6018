// Removes machines. Believe the words, not the exit code: with --force it is 0 whatever happens, as with docker-machine.
import { Failure, print } from "../program.ts";
import { confirm } from "./confirm.ts";
import type { BundledDriver } from "./driver.ts";
import { forgetMachine, hasMachine, loadRecord } from "./storage.ts";

export interface RemoveOptions {
  isForced: boolean;
  isConfirmed: boolean;
}

/** @throws Failure when one could not be removed and nothing was forced */
export async function removeMachines(
  driver: BundledDriver,
  names: readonly string[],
  storePath: string,
  { isForced, isConfirmed }: RemoveOptions,
): Promise<void> {
  print("stdout", `About to remove ${names.join(", ")}`);
  print("stdout", "WARNING: This action will delete both local reference and remote instance.");
  if (!isForced && !isConfirmed && !(await confirm("Are you sure?"))) return;
  const problems: string[] = [];
  for (const name of names) problems.push(...(await removeMachine(driver, name, storePath, isForced)));
  if (problems.length > 0 && !isForced) throw new Failure(problems.join("\n"));
}

/** What went wrong, in docker-machine's words. Forced, it is said here and the machine is forgotten all the same. */
async function removeMachine(
  driver: BundledDriver,
  name: string,
  storePath: string,
  isForced: boolean,
): Promise<string[]> {
  const problem = await removeRemote(driver, name, storePath);
  if (problem === null) {
    forgetMachine(storePath, name);
    print("stdout", `Successfully removed ${name}`);
    return [];
  }
  const words = `Error removing host ${JSON.stringify(name)}: ${problem}`;
  if (isForced) {
    print("stderr", words);
    if (hasMachine(storePath, name)) {
      forgetMachine(storePath, name);
      print("stdout", `Successfully removed ${name}`);
    } else {
      print("stderr", `Can't remove ${JSON.stringify(name)}`);
    }
  }
  return [words];
}

async function removeRemote(driver: BundledDriver, name: string, storePath: string): Promise<string | null> {
  try {
    await driver.removeRemote(loadRecord(storePath, name, driver.name));
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
