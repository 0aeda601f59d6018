// What the tests of one file share: a cloud, and installations whose machines are made there. When they are over,
// nothing may be left anywhere: no machine, no key, no container, no process.
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Cloud, startCloud } from "../cloud/cloud.ts";
import type { Instance } from "../cloud/ec2/account.ts";
import { cloudLabel } from "../cloud/network.ts";
import { docker } from "../engine.ts";
import { type Installation, startInstallation } from "../installation.ts";
import { findProcesses } from "../processes.ts";

export interface Scene {
  readonly cloud: Cloud;
  /**
   * Relay and functions that reach this cloud, until the file is over.
   * @param program docker-machine or its fork
   * @param environment what differs from the defaults
   */
  install(program: string, environment?: Record<string, string>): Promise<Installation>;
}

/** Times that need not be as long as they are for people. */
const inShort = {
  // Three beats: what a killed function leaves behind need not be waited for for a whole minute.
  LEASE_MS: "15000",
  SETTLE_MS: "3000",
  REFIRE_WAIT_MAX_MS: "2000",
};

/** To be called inside the `describe` that needs it. */
export function prepareScene(): Scene {
  let cloud: Cloud | null = null;
  const installations: Installation[] = [];
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") for (const each of installations) tellLastWords(each);
  });
  afterAll(async () => {
    try {
      await Promise.all(installations.map(end));
      if (cloud) await expectEmpty(cloud);
    } finally {
      await Promise.all(installations.map((each) => each.remove()));
      await cloud?.close();
    }
  });
  return {
    get cloud() {
      return cloud!;
    },
    async install(program, environment = {}) {
      const made = await startInstallation(program, { ...cloud!.environment, ...inShort, ...environment });
      installations.push(made);
      return made;
    },
  };
}

async function end({ relay, functions, workDirectory }: Installation): Promise<void> {
  await Promise.all([relay.stop(), functions.stop()]);
  expect(findProcesses(workDirectory)).toEqual([]);
}

async function expectEmpty({ ec2, digitalOcean }: Cloud): Promise<void> {
  const { instances, keyPairs } = await ec2.now();
  expect({ instances: instances.filter(isAlive), keyPairs }).toEqual({ instances: [], keyPairs: [] });
  expect(await digitalOcean.now()).toMatchObject({ droplets: [], keys: [] });
  await Promise.all([ec2.settled(), digitalOcean.settled()]);
  expect(await docker(["ps", "--all", "--quiet", "--filter", `label=${cloudLabel}`])).toBe("");
}

/** EC2 shows terminated ones for a while. */
export const isAlive = ({ state }: Instance): boolean => state !== "terminated";

function tellLastWords({ relay, functions }: Installation): void {
  console.error(`relay:\n${relay.lastWords()}\nfunctions:\n${functions.lastWords()}`);
}
