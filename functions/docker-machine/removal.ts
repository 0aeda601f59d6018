// Removes what an earlier run, or a failed one, may have made: by the record, by the census, by what a person found.
// Says "gone" only when that is known.
import { type Census, removeFound, withCensus } from "../census.ts";
import type { EventMachine, Resolved } from "../contract.ts";
import { WorkFailure } from "../work-failure.ts";
import { describeFailure, saysAlreadyGone } from "./driver-errors.ts";
import { type Job, waitOut } from "./machine-job.ts";
import { foundBy, makesNothingAtProvider } from "./provider-id.ts";
import { providerIdOf, withProviderId } from "./record.ts";

const minute = 60 * 1000;
export const removalMsMax = 5 * minute;

export type Removal =
  | { outcome: "gone" }
  /** The provider refused, or did not answer: what was made is still there. `archive`: what is left here. */
  | { outcome: "failed"; message: string; archive: string | null }
  /** Only a look at the provider tells. */
  | { outcome: "unknown"; message: string; archive: string | null };

export interface RemovalInput {
  /** As in the event: null when every run is known to have ended cleanly. */
  unsettledMs: number | null;
  /** What a person found, if one was asked. */
  resolved: Resolved | null;
  /** False: whoever asks takes a census again when the time is over. */
  waitsForCensus: boolean;
}

const gone: Removal = { outcome: "gone" };

/** @throws when aborted */
export async function removeMachine(job: Job, input: RemovalInput): Promise<Removal> {
  const { storage, machine } = job;
  if (makesNothingAtProvider(machine.driver)) {
    await storage.dropRecord();
    return gone;
  }
  const record = await storage.readRecord();
  const removal = await withCensus(job, (census) => removeByCensus(job, census, record, input));
  if (removal !== null) return removal;
  if (record === null) return removeWithoutRecord(job, input);
  return removeByRecord(job, record, input);
}

async function removeByCensus(job: Job, census: Census, record: string | null, input: RemovalInput): Promise<Removal> {
  const words = record === null ? null : await removeOnce(job);
  try {
    if (input.waitsForCensus) {
      await waitOut(job, input.unsettledMs ?? 0, "until no cloud call of an earlier run can make anything any more");
    }
    // More than the words: a provider may say "removed" and keep the VM.
    await removeFound(job, census, null);
    await census.removeKeys();
  } catch (error) {
    if (!(error instanceof WorkFailure)) throw error;
    return { outcome: "failed", message: words ?? error.message, archive: await job.storage.pack() };
  }
  await job.storage.dropRecord();
  return gone;
}

async function removeWithoutRecord(job: Job, { unsettledMs, resolved }: RemovalInput): Promise<Removal> {
  const { storage } = job;
  // docker-machine writes the record before it asks the provider for anything.
  if (unsettledMs === null || resolved?.outcome === "nothing") {
    await storage.dropRecord();
    return gone;
  }
  const archive = await storage.pack();
  if (resolved !== null) {
    const message = `There is no record of the machine to put the provider's id ${resolved.providerId} into: remove it at the provider, then resolve with {"outcome":"nothing"}.`;
    return { outcome: "unknown", message, archive };
  }
  return {
    outcome: "unknown",
    message: describeUnknown(job.machine, "an earlier run ended unclean, and left no record"),
    archive,
  };
}

async function removeByRecord(job: Job, record: string, { unsettledMs, resolved }: RemovalInput): Promise<Removal> {
  const { storage, machine } = job;
  const { driver } = machine;
  const archive = await storage.pack();
  if (foundBy(driver).by === "name") {
    // What is made under the name after we looked would be missed.
    await waitOut(job, unsettledMs ?? 0, "until no cloud call of an earlier run can make anything any more");
  }
  const records: string[] = providerIdOf(driver, record) === null ? [] : [record];
  if (resolved?.outcome === "providerId" && providerIdOf(driver, record) !== resolved.providerId) {
    const found = withProviderId(driver, record, resolved.providerId);
    if (found === null) {
      const message = `The record of the driver ${driver} has no place for the provider's id ${resolved.providerId}: remove it at the provider, then resolve with {"outcome":"nothing"}.`;
      return { outcome: "unknown", message, archive };
    }
    records.push(found);
  }
  for (const one of records) {
    await storage.restoreRecord(one);
    const words = await removeOnce(job);
    if (words !== null) return { outcome: "failed", message: words, archive: await storage.pack() };
  }
  if (records.length > 0) {
    await storage.dropRecord();
    return gone;
  }
  // Keys and the like go with it, where the driver knows them; its word on the VM is worth nothing.
  const words = await removeOnce(job);
  if (resolved?.outcome === "nothing") {
    await storage.dropRecord();
    return gone;
  }
  const reason = `the record never had the provider's id${words === null ? "" : ` (${words})`}`;
  return { outcome: "unknown", message: describeUnknown(machine, reason), archive };
}

/** Null: docker-machine says that it removed the machine. Else its words. */
async function removeOnce(job: Job): Promise<string | null> {
  const { machineName, driver } = job.machine;
  const result = await job.run(["rm", "-y", machineName], { timeoutMs: removalMsMax });
  const lines = result.stdout.split("\n").map((line) => line.trim());
  // Not the exit code: it is 0 for what was not removed, at times.
  if (lines.includes(`Successfully removed ${machineName}`) || saysAlreadyGone(driver, result)) return null;
  return describeFailure(driver, result);
}

const placeOptions = ["endpoint", "region", "location", "zone", "availability-zone", "availabilityZone", "project"];

/** What to look for, where, and how to go on. */
export function describeUnknown(machine: EventMachine, reason: string): string {
  const { id, machineName, driver, driverConfig } = machine;
  const place = placeOptions.flatMap((name) => {
    const value = driverConfig[name] ?? driverConfig[`${driver}-${name}`];
    return typeof value === "string" && value !== "" ? [`${name} ${value}`] : [];
  });
  return (
    `Whether the provider has a virtual machine of this name is not known: ${reason}. ` +
    `Look there (${[`driver ${driver}`, ...place].join(", ")}) for ${machineName}, then say what you found with ` +
    `POST /v1/machines/${id}/resolve: {"outcome":"nothing"} or {"outcome":"providerId","providerId":"…"}.`
  );
}
