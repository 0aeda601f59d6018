// What comes before and after every create, whatever the driver.
import { Failure, print } from "../program.ts";
import type { BundledDriver } from "./driver.ts";
import type { CommandLine } from "./flags.ts";
import { hasMachine, isMachineName } from "./storage.ts";

/** @throws Failure in docker-machine's words */
export async function createMachine(
  driver: BundledDriver,
  name: string,
  storePath: string,
  line: CommandLine,
): Promise<void> {
  if (!isMachineName(name)) {
    throw new Failure("Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -");
  }
  if (hasMachine(storePath, name)) throw new Failure(`Docker machine ${JSON.stringify(name)} already exists`);
  await driver.createMachine(name, storePath, line);
  print(
    "stdout",
    `To see how to connect your Docker Client to the Docker Engine running on this virtual machine, run: docker-machine env ${name}`,
  );
}
