// What does the provider have that carries this machine's marks? Only where a driver's provider can be asked.
import { setTimeout as wait } from "node:timers/promises";
import { digitalOceanCensus } from "./cloud-apis/digital-ocean-census.ts";
import type { GivenOptions } from "./cloud-apis/given-option.ts";
import { programCensus } from "./cloud-apis/program-census.ts";
import { withRecorded } from "./cloud-apis/recorded-options.ts";
import type { Job } from "./docker-machine/machine-job.ts";
import { driverFieldsOf } from "./docker-machine/record.ts";
import { WorkFailure } from "./work-failure.ts";

const second = 1000;
/** Removed, looked, still there: so often, then it is told. */
const roundsMax = 6;
const firstPauseMs = second;

/** A VM, or what becomes one. `name` is for a person. */
export interface Found {
  id: string;
  name: string;
}

export interface Census {
  /** All but what is gone for sure. @throws WorkFailure with the provider's words when it does not answer */
  find(): Promise<Found[]>;
  /** Gone already is success. @throws WorkFailure */
  destroy(found: Found): Promise<void>;
  /** The SSH keys that were made for the machine: nobody is billed for them, and nobody else removes them. @throws WorkFailure */
  removeKeys(): Promise<void>;
  close(): Promise<void>;
}

const openers: Readonly<Record<string, (job: Job) => Promise<Census | null> | Census | null>> = {
  container: async (job) => programCensus(job, await givenBy(job), ["dockerHost"]),
  simulated: async (job) => programCensus(job, await givenBy(job), []),
  async amazonec2(job) {
    // On demand: the client is large, and most machines are elsewhere.
    const { ec2Census } = await import("./cloud-apis/ec2-census.ts");
    return ec2Census(await givenBy(job), job.machine.machineName, job.context.signal);
  },
  digitalocean: async (job) => digitalOceanCensus(await givenBy(job), job.machine.machineName, job.context.signal),
};

/**
 * Answers null where nobody can look but a person.
 * @throws WorkFailure
 */
export async function withCensus<Answer>(job: Job, take: (census: Census) => Promise<Answer>): Promise<Answer | null> {
  const { driver } = job.machine;
  const census = Object.hasOwn(openers, driver) ? await openers[driver]!(job) : null;
  if (census === null) return null;
  try {
    return await take(census);
  } finally {
    await census.close();
  }
}

async function givenBy({ driver, machine, tools, storage }: Job): Promise<GivenOptions> {
  const given = { driver, driverConfig: machine.driverConfig, environment: tools.config.environment };
  const record = await storage.readRecord();
  return withRecorded(given, record === null ? null : driverFieldsOf(record));
}

/**
 * Removes every VM with our marks but one, and looks again until no other is left.
 * @returns how many were removed
 * @throws WorkFailure when the provider refuses, or one will not go
 */
export async function removeFound(job: Job, census: Census, keepId: string | null): Promise<number> {
  const removed = new Set<string>();
  for (let round = 0; ; round += 1) {
    const others = (await census.find()).filter(({ id }) => id !== keepId);
    if (others.length === 0) return removed.size;
    if (round === roundsMax) {
      throw new WorkFailure("driver.failed", `The provider still has ${others.map(({ id }) => id).join(", ")}`);
    }
    // Asked to go, it may take its time.
    if (round > 0) await wait(firstPauseMs * 2 ** (round - 1), undefined, { signal: job.context.signal });
    for (const found of others) {
      job.context.log("note", `The census found ${found.name} (${found.id}): removing it`);
      await census.destroy(found);
      removed.add(found.id);
    }
  }
}
