// Makes a machine, in docker-machine's own order: record, container, record with the id, set-up.
import { randomInt } from "node:crypto";
import type { CommandLine } from "../machine/flags.ts";
import { type MachineRecord, newRecord } from "../machine/record.ts";
import { saveRecord } from "../machine/storage.ts";
import { Failure, print } from "../program.ts";
import { installCertificates, makeAuthorityAndClient, makeServerCertificate } from "./certificates.ts";
import { containerArguments, type Way } from "./container.ts";
import { driverName } from "./create-flags.ts";
import { pullIfMissing } from "./image.ts";
import { type ContainerOptions, optionFields, readOptions } from "./options.ts";
import { type OuterEngine, openEngine } from "./outer-engine.ts";
import { knownFieldsOf, nothingKnown } from "./record.ts";
import { removeMarked } from "./remove.ts";
import { addressOf, keepUp, waitUntilUp } from "./set-up.ts";
import { describeNoDockerd, notPrivileged, saysNoShell, saysNotPrivileged, saysPortTaken, wordsOf } from "./words.ts";

/** docker-machine's exit code for what it finds before it begins. */
const preCreateExitCode = 3;
/** Below those that systems give out by themselves. A fixed one stays the same over a restart. */
const publishedPorts = { from: 20_000, to: 30_000 };
const portsTriedMax = 10;

const inDriver = "Error creating machine: Error in driver during machine creation: ";
const provisioning = "Error creating machine: Error running provisioning: ";
const checking = "Error creating machine: Error checking the host: ";

/** @throws Failure in docker-machine's words */
export async function createMachine(name: string, storePath: string, line: CommandLine): Promise<void> {
  const record = newRecord(driverName, name, storePath, line, {
    ...{ SSHUser: "", SSHPort: 0, SSHKeyPath: "" },
    ...nothingKnown,
    ...optionFields(line),
  });
  const options = await during("Error setting machine configuration from flags provided: ", () =>
    readOptions(record.Driver),
  );
  makeAuthorityAndClient(storePath, name);
  print("stdout", "Running pre-create checks...");
  const engine = await checkBefore(name, options);
  print("stdout", "Creating machine...");
  record.Driver.EngineId = engine.facts.id;
  saveRecord(record);
  await during(inDriver, () => makeContainer(engine, record, options));
  print("stdout", "Waiting for machine to be running, this may take a few minutes...");
  print("stdout", "Provisioning with container...");
  await during(provisioning, () => provide(engine, record));
  print("stdout", "Checking connection to Docker...");
  await during(checking, () => waitUntilUp(engine, record, options));
  await during(checking, () => keepUp(engine, record));
  saveRecord(record);
  print("stdout", "Docker is up and running!");
}

/** Whatever takes long, and whatever can be known before: nothing is made yet. */
async function checkBefore(name: string, { dockerHost, image, publish }: ContainerOptions): Promise<OuterEngine> {
  try {
    const engine = await openEngine(dockerHost);
    if (publish === "auto" && !engine.facts.hasReachableContainers && /^(tcp|ssh):/.test(dockerHost)) {
      throw new Failure(
        `The engine at ${dockerHost} is on another host: say with --container-publish at which of its addresses the machine can be reached.`,
      );
    }
    await pullIfMissing(engine, image, (words) => print("stdout", `(${name}) ${words}`));
    return engine;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`Error with pre-create check: ${JSON.stringify(error.message)}`, preCreateExitCode);
  }
}

/** Afterwards the record knows container and address. Until then the container's label alone leads to it. */
async function makeContainer(engine: OuterEngine, record: MachineRecord, options: ContainerOptions): Promise<void> {
  const { Name: name } = record;
  print("stdout", `(${name}) Creating container...`);
  let isPrivileged = options.privileged !== "no";
  for (let portsTried = 1; ; portsTried += 1) {
    const way = { isPrivileged, published: publishedAt(engine, options) };
    const words = await startContainer(engine, record, options, way);
    if (words === null) break;
    const { ContainerId: id } = knownFieldsOf(record);
    if (id !== "") {
      await removeMarked(engine, { kind: "container", id });
      // With an id in the record nobody would wait for a container whose answer is lost.
      Object.assign(record.Driver, { ContainerId: "", IPAddress: "" });
      saveRecord(record);
    }
    if (isPrivileged && options.privileged === "auto" && saysNotPrivileged(words)) {
      print(
        "stdout",
        `(${name}) This engine cannot run it privileged: giving it the capabilities that it needs instead`,
      );
      isPrivileged = false;
    } else if (!saysPortTaken(words) || portsTried === portsTriedMax) {
      throw new Failure(describeStartFailure(words, options));
    }
  }
  await addressOf(engine, record);
  const { ContainerId: id } = knownFieldsOf(record);
  print("stdout", `(${name}) Created container ${id.slice(0, 12)}, address ${record.Driver.IPAddress}`);
  saveRecord(record);
}

/** Null: it runs. Else the engine's words; the container may be there. */
async function startContainer(
  engine: OuterEngine,
  record: MachineRecord,
  options: ContainerOptions,
  way: Way,
): Promise<string | null> {
  const created = await engine.ask(["create", ...containerArguments(record, options, way)]);
  if (created.exitCode !== 0) {
    const words = wordsOf(created);
    // Then what has this name is not ours to remove.
    if (/container name .* is already in use/i.test(words)) throw new Failure(words);
    return words;
  }
  record.Driver.ContainerId = created.stdout.trim().split("\n").at(-1)!;
  record.Driver.EnginePort = way.published?.port ?? nothingKnown.EnginePort;
  record.Driver.IPAddress = way.published?.address ?? "";
  saveRecord(record);
  const started = await engine.ask(["start", record.Driver.ContainerId as string]);
  return started.exitCode === 0 ? null : wordsOf(started);
}

function describeStartFailure(words: string, { image, privileged }: ContainerOptions): string {
  if (saysNoShell(words)) return describeNoDockerd(image);
  if (privileged === "yes" && saysNotPrivileged(words)) return `${words}. ${notPrivileged}`;
  return words;
}

/** Another port each time: somebody may have the last one. */
function publishedAt({ facts }: OuterEngine, { publish }: ContainerOptions): Way["published"] {
  if (publish === "no" || (publish === "auto" && facts.hasReachableContainers)) return null;
  const address = publish === "auto" ? "127.0.0.1" : publish;
  return { address, port: randomInt(publishedPorts.from, publishedPorts.to) };
}

async function provide(engine: OuterEngine, record: MachineRecord): Promise<void> {
  print("stdout", "Copying certs to the local machine directory...");
  const server = makeServerCertificate(record);
  print("stdout", "Copying certs to the remote machine...");
  await installCertificates(engine, record, knownFieldsOf(record).ContainerId, server);
  print("stdout", "Setting Docker configuration on the remote daemon...");
}

/** @throws Failure that begins with these words */
async function during<Result>(words: string, act: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${words}${error.message}`);
    throw error;
  }
}
