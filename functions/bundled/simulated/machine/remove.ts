// Removes machines. Believe the words, not the exit code: with --force it is 0 whatever happens, as with docker-machine.
import { createInterface } from "node:readline/promises";
import { CloudError, openCloud } from "../cloud.ts";
import { Failure, print } from "../program.ts";
import { removeVm } from "./provider.ts";
import { readOrders } from "./read-orders.ts";
import { forgetMachine, hasMachine, loadRecord } from "./storage.ts";

export interface RemoveOptions {
  isForced: boolean;
  isConfirmed: boolean;
}

/** @throws Failure when one could not be removed and nothing was forced */
export async function removeMachines(
  names: readonly string[],
  storePath: string,
  { isForced, isConfirmed }: RemoveOptions,
): Promise<void> {
  print("stdout", `About to remove ${names.join(", ")}`);
  print("stdout", "WARNING: This action will delete both local reference and remote instance.");
  if (!isForced && !isConfirmed && !(await confirm())) return;
  const problems = names.flatMap((name) => removeMachine(name, storePath, isForced));
  if (problems.length > 0 && !isForced) throw new Failure(problems.join("\n"));
}

/** What went wrong, in docker-machine's words. Forced, it is said here and the machine is forgotten all the same. */
function removeMachine(name: string, storePath: string, isForced: boolean): string[] {
  const problem = removeRemote(name, storePath);
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

function removeRemote(name: string, storePath: string): string | null {
  try {
    const { Driver: driver } = loadRecord(storePath, name);
    const orders = readOrders(driver);
    const cloud = openCloud();
    if (driver.VMId === "") {
      // As on amazonec2: that nothing is known is no error there, and it is no proof that nothing is.
      print("stdout", `(${name}) Missing VM id, this is likely due to a failure during machine creation`);
    } else {
      removeVm(cloud, driver.VMId, orders.accessToken, "rm", orders.remove);
    }
    return null;
  } catch (error) {
    if (error instanceof Failure || error instanceof CloudError) return error.message;
    throw error;
  }
}

async function confirm(): Promise<boolean> {
  process.stdout.write("Are you sure? (y/n): ");
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}
