// What create does: settles what earlier runs may have left, runs `docker-machine create`, and saves all on the way.
// A failed create is cleaned up, and says so, or says what it could not remove.
import { removeFound, withCensus } from "./census.ts";
import { type DriverConfig, outcomeUnknown, settleMsDefault } from "./contract.ts";
import { type Checkpoints, watchCheckpoints } from "./docker-machine/checkpoints.ts";
import {
  describeFailure,
  hasCollided,
  mayBeInFlight,
  mayHideAnother,
  type ProgramOutput,
  provesNothingMade,
} from "./docker-machine/driver-errors.ts";
import type { CreateArguments } from "./docker-machine/driver-options.ts";
import { requireDriver } from "./docker-machine/drivers.ts";
import { readFacts } from "./docker-machine/machine-facts.ts";
import {
  buildArgumentsFor,
  createCommand,
  type Job,
  openJob,
  requireMachineName,
  waitOut,
} from "./docker-machine/machine-job.ts";
import { checkProviderName, checkRules } from "./docker-machine/option-rules.ts";
import { makesNothingAtProvider } from "./docker-machine/provider-id.ts";
import { lookUpRecommended } from "./docker-machine/recommend.ts";
import { providerIdOf } from "./docker-machine/record.ts";
import { type Removal, removeMachine } from "./docker-machine/removal.ts";
import { advance, type Progress, stageOf } from "./docker-machine/stages.ts";
import type { Tools } from "./docker-machine/tools.ts";
import type { ProgramResult, WorkContext, WorkFunction, WorkResult } from "./work.ts";
import { answerFailures, WorkFailure } from "./work-failure.ts";

/** Creates that get in each other's way: the group that they make together is there when they begin anew. */
const collisionsMax = 4;

export function buildCreate(tools: Tools): WorkFunction {
  return {
    async check({ data: { machine } }) {
      requireMachineName(machine);
      const { driver } = await requireDriver(tools, machine.driver);
      buildArgumentsFor(tools, driver, machine, "files");
      checkProviderName(driver.name, machine.machineName);
      checkRules({ driver: driver.name, options: driver.options, driverConfig: machine.driverConfig }, true);
    },
    work: (context) => answerFailures(() => create(context, tools)),
  };
}

async function create(context: WorkContext, tools: Tools): Promise<WorkResult> {
  const { machine } = context.event.data;
  context.progress(`Contacting ${machine.driver}`, 1, "contacting");
  const job = await openJob(context, tools);
  await settleEarlierRuns(job);
  const driverConfig = await completeOptions(job);
  const built = buildArgumentsFor(tools, job.driver, { ...machine, driverConfig }, job.storage.filesDirectory);
  await job.storage.writeFiles(built.files);

  let { result, checkpoints } = await runCreate(job, built);
  for (let collisions = 1; collisions <= collisionsMax && hasCollided(machine.driver, result); collisions += 1) {
    if (!(await startOver(job))) break;
    ({ result, checkpoints } = await runCreate(job, built));
  }
  if (result.exitCode !== 0) return cleanUp(job, result, checkpoints);
  if ((await job.storage.readRecord()) === null) {
    return cleanUp(job, { ...result, exitCode: 0, stderr: "It left no record of the machine" }, checkpoints);
  }
  return finish(job, result, checkpoints);
}

async function runCreate(
  job: Job,
  built: CreateArguments,
): Promise<{ result: ProgramResult; checkpoints: Checkpoints }> {
  const { machine, context, storage } = job;
  const checkpoints = saveAsItGoes(job);
  let result: ProgramResult;
  try {
    result = await job.run(createCommand(machine.driver, built, machine.machineName), {
      timeoutMs: Math.max(1, context.deadlineAt - performance.now()),
      environment: built.environment,
      onLine: showProgress(job),
    });
  } finally {
    // Also when it was aborted: what is on the disk now is what the next run starts from.
    await checkpoints.stop();
  }
  await storage.repair();
  return { result, checkpoints };
}

/** Removes the key pair of a create that came no further. False: that did not go well, and is left to who tells it. */
async function startOver(job: Job): Promise<boolean> {
  job.context.progress("Another create made the same at the same moment: trying again", null, "settling");
  const removal = await removeMachine(job, {
    unsettledMs: null,
    resolved: { outcome: "nothing" },
    waitsForCensus: true,
  });
  if (removal.outcome !== "gone") return false;
  await dropRecord(job);
  return true;
}

/** With the values that nobody gave and the driver's dead defaults need. @throws WorkFailure */
async function completeOptions(job: Job): Promise<DriverConfig> {
  const { driver, machine, context, tools } = job;
  const { environment } = tools.config;
  const { driverConfig, added } = await lookUpRecommended(driver, machine.driverConfig, {
    async ami(known) {
      context.progress("Looking for an image", 2, "image");
      // On demand: the client is large, and most machines are elsewhere.
      const { findUbuntuImage } = await import("./cloud-apis/ubuntu-image.ts");
      return findUbuntuImage({ driver, driverConfig: known, environment }, context.signal);
    },
  });
  for (const { option, value, reason } of added) context.log("note", `${option} ${value} was added: ${reason}`);
  return driverConfig;
}

/** A new run begins only when nothing of an earlier one is left. @throws WorkFailure */
async function settleEarlierRuns(job: Job): Promise<void> {
  const { machine, storage, context } = job;
  const unsettledMs = machine.unsettledMs ?? null;
  const hadRecord = (await storage.readRecord()) !== null;
  if (hadRecord || unsettledMs !== null) {
    context.progress("Removing what an earlier attempt has left", 1, "settling");
    const removal = await removeMachine(job, { unsettledMs, resolved: machine.resolved, waitsForCensus: false });
    if (removal.outcome === "failed") {
      const message = `What an earlier attempt has made could not be removed: ${removal.message}`;
      throw new WorkFailure("driver.failed", message, { archive: removal.archive });
    }
    if (removal.outcome === "unknown")
      throw new WorkFailure(outcomeUnknown, removal.message, { archive: removal.archive });
  }
  if (hadRecord) await dropRecord(job);
  else await storage.dropRecord();
}

/** docker-machine refuses a name that has a directory. */
async function dropRecord({ storage, context }: Job): Promise<void> {
  await storage.dropRecord();
  const archive = await storage.pack();
  // The old record names a machine that is gone: whoever comes next must not take its removal for that of the new one.
  if (archive !== null) context.checkpoint(archive);
}

function saveAsItGoes({ context, storage, machine }: Job): Checkpoints {
  return watchCheckpoints({
    storageDirectory: storage.directory,
    machineName: machine.machineName,
    pack: storage.packFiles,
    send: (archive) => context.checkpoint(archive),
    onFailure: (error) => context.log("note", `No checkpoint: ${error.message}`),
  });
}

function showProgress({ context, machine }: Job): (stream: "stdout" | "stderr", line: string) => void {
  let progress: Progress = { stage: "contacting", percent: 1 };
  return (stream, line) => {
    const stage = stream === "stdout" ? stageOf(line, machine.machineName) : null;
    if (stage === null) return;
    progress = advance(progress, stage);
    context.progress(stage.message, progress.percent, progress.stage);
  };
}

async function finish(job: Job, result: ProgramResult, checkpoints: Checkpoints): Promise<WorkResult> {
  const { context, machine, storage } = job;
  const facts = await readFacts(job);
  let archive: string | null;
  try {
    archive = await storage.pack();
  } catch (error) {
    // Without its archive nobody could use the machine, or remove it later.
    return cleanUp(
      job,
      { ...result, exitCode: null, stderr: `Error creating machine: ${(error as Error).message}` },
      checkpoints,
    );
  }
  await removeOthers(job, facts.providerId, archive);
  context.progress("Created", 100, "created");
  return { transitioning: "no", message: `${machine.name} is created`, machine: { archive, ...facts } };
}

/**
 * What else has this machine's marks: of an unclean earlier run, or of this one. docker-machine asks EC2 again when an
 * answer was lost, and the first call may have made an instance as well.
 * @throws WorkFailure
 */
async function removeOthers(job: Job, keepId: string | null, archive: string | null): Promise<void> {
  // Without its id this machine cannot be told from the others.
  if (keepId === null) return;
  try {
    await withCensus(job, async (census) => {
      const unsettledMs = job.machine.unsettledMs ?? 0;
      await waitOut(job, unsettledMs, "until no cloud call of an earlier run can make anything any more");
      await removeFound(job, census, keepId);
    });
  } catch (error) {
    if (!(error instanceof WorkFailure)) throw error;
    const message = `The machine is created, but whether there is another one of an earlier attempt is not known: ${error.message}`;
    throw new WorkFailure(error.code, message, { archive });
  }
}

async function cleanUp(job: Job, output: ProgramOutput, checkpoints: Checkpoints): Promise<WorkResult> {
  const { machine, storage, context } = job;
  const words = describeFailure(machine.driver, output);
  const code = output.endedBy === "timeout" ? "driver.timeout" : "driver.failed";
  const record = await storage.readRecord();
  const neverBegan = record === null && !checkpoints.hasSeenRecord();
  if (neverBegan || makesNothingAtProvider(machine.driver) || provesNothingMade(machine.driver, output)) {
    // Keys and the like may be there all the same; if they are not removed, nobody pays for them.
    const removal: Removal =
      record === null
        ? { outcome: "gone" }
        : await removeMachine(job, { unsettledMs: null, resolved: { outcome: "nothing" }, waitsForCensus: true });
    if (removal.outcome === "failed" && mayHideAnother(machine.driver, output))
      return describeCleanUp(removal, code, words);
    return { transitioning: "error", code, message: words, machine: { archive: null } };
  }
  context.progress("It failed: removing what was made", null, "removing");
  const isKilled = output.endedBy !== null || output.signal !== null;
  const isInFlight = isKilled || (isWithoutId(job, record) && mayBeInFlight(machine.driver, output));
  const removal = await removeMachine(job, {
    unsettledMs: isInFlight ? (job.tools.config.settleMs ?? settleMsDefault) : null,
    resolved: null,
    waitsForCensus: true,
  });
  return describeCleanUp(removal, code, words);
}

const isWithoutId = ({ machine }: Job, record: string | null): boolean =>
  record === null || providerIdOf(machine.driver, record) === null;

function describeCleanUp(removal: Removal, code: string, words: string): WorkResult {
  if (removal.outcome === "gone") {
    const message = `${words} (what was made has been removed)`;
    return { transitioning: "error", code, message, machine: { archive: null } };
  }
  const { archive } = removal;
  if (removal.outcome === "failed") {
    const message = `${words} (what was made could not be removed: ${removal.message})`;
    return { transitioning: "error", code, message, machine: { archive } };
  }
  const message = `${words}\n${removal.message}`;
  return { transitioning: "error", code: outcomeUnknown, message, machine: { archive } };
}
