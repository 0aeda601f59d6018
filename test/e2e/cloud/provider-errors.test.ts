// What the real programs say when a cloud fails, and what is left there afterwards. Kept as fixtures when asked for.
import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { machinePrograms, tellIfNoProgram } from "../machine-programs.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { cloudMissing } from "./cloud-missing.ts";
import type { DigitalOceanFault } from "./digital-ocean/errors.ts";
import type { Instance } from "./ec2/account.ts";
import type { Ec2Fault } from "./ec2/errors.ts";
import { MachineProgram } from "./machine-program.ts";
import type { DriverOptions, Provider } from "./provider.ts";
import { isCollecting, keep } from "./provider-errors.ts";

tellIfNoProgram("errors of the clouds, in the drivers' words");

interface Case<Fault> {
  /** Null: nothing was ordered, the cloud refuses by itself. */
  fault: Fault | null;
  /** Of the fixture; else the fault's. */
  name?: string;
  times?: number;
  options?: DriverOptions;
  /** Options that are not given at all. */
  without?: string[];
  says: RegExp;
  /** It would go on for minutes: not waited for, but when it is collected. */
  endAt?: RegExp;
  /** What stays at the provider when the create has failed; else nothing. */
  leaves?: Left;
  /** Where the fork leaves something else. */
  forkLeaves?: Left;
}

type Left = "nothing" | "key" | "machine and key";

const waitsForSsh = /Waiting for SSH to be available/;
const installs = /Provisioning with debian|Installing Docker/;

const ec2Cases: Case<Ec2Fault>[] = [
  {
    fault: null,
    name: "wrong-access-key",
    options: { accessKey: "AKIANOBODY" },
    says: /AuthFailure: AWS was not able/,
  },
  { fault: "wrong-credentials", says: /AuthFailure: AWS was not able to validate/ },
  { fault: "clock-wrong", says: /RequestExpired: Request has expired/ },
  { fault: "blocked", says: /Blocked: This account is currently blocked/ },
  { fault: "no-permission", says: /UnauthorizedOperation: You are not authorized/ },
  { fault: "instance-quota", says: /InstanceLimitExceeded: You have requested more instances/ },
  { fault: "vcpu-quota", says: /VcpuLimitExceeded: You have requested more vCPU/ },
  { fault: "no-capacity", says: /InsufficientInstanceCapacity: We currently do not have sufficient/ },
  { fault: "type-not-offered", says: /Unsupported: Your requested instance type/ },
  { fault: "terms-not-accepted", says: /OptInRequired: In order to use this AWS Marketplace/ },
  { fault: "rate-limit", options: { retries: 1 }, says: /RequestLimitExceeded: Request limit exceeded/ },
  { fault: "server-error", says: /InternalError: An internal error/ },
  { fault: "unavailable", options: { retries: 1 }, says: /Unavailable: The service is unavailable/ },
  { fault: null, name: "image-gone", options: { ami: "ami-c60b90d1" }, says: /InvalidAMIID.NotFound: The image id/ },
  { fault: "key-exists", says: /InvalidKeyPair.Duplicate: The keypair already exists/ },
  { fault: "no-vpc", says: /VPCIdNotSpecified: No default VPC/ },
  {
    fault: "no-default-vpc",
    without: ["vpcId"],
    says: /requires either the --amazonec2-subnet-id or|unable to find a subnet in the zone/,
  },
  { fault: "no-subnet", says: /unable to find a subnet (that is both )?in the zone/ },
  { fault: "cut", options: { retries: 1 }, says: /send request failed/ },
  { fault: "host-never-answers", says: waitsForSsh, endAt: waitsForSsh, leaves: "machine and key" },
  { fault: "ssh-refused", says: waitsForSsh, endAt: waitsForSsh, leaves: "machine and key" },
  { fault: "install-unreachable", says: installs, endAt: installs, leaves: "machine and key" },
  {
    fault: "install-fails",
    says: /error installing docker/i,
    leaves: "machine and key",
  },
  { fault: "docker-port-closed", says: /2376: connect: connection refused/, leaves: "machine and key" },
];

const digitalOceanCases: Case<DigitalOceanFault>[] = [
  {
    fault: null,
    name: "wrong-token",
    options: { accessToken: "dop_v1_nobody" },
    says: /401.* Unable to authenticate you/,
  },
  { fault: "no-permission", says: /403.* You are not authorized/, leaves: "key" },
  { fault: "rate-limit", says: /429.* API Rate limit exceeded/ },
  { fault: "server-error", says: /500.* Unexpected server-side error/ },
  { fault: "unavailable", says: /503.* Service Unavailable/ },
  { fault: "bad-gateway", says: /invalid character '<'|502/ },
  { fault: "droplet-quota", says: /422.* will exceed your droplet limit/, leaves: "key" },
  { fault: "no-capacity", says: /422.* Size is not available in this region/, leaves: "key" },
  {
    fault: null,
    name: "image-gone",
    options: { image: "ubuntu-16-04-x64" },
    says: /422.* invalid image for Droplet/,
    leaves: "key",
  },
  {
    fault: null,
    name: "size-unknown",
    options: { size: "512mb" },
    says: /422.* invalid size for Droplet/,
    leaves: "key",
  },
  { fault: null, name: "region-unknown", options: { region: "nyc2" }, says: /requires a valid region/ },
  { fault: "key-exists", says: /422.* SSH Key is already in use/ },
  { fault: "cut", says: /Post "?https:\/\/api.digitalocean.com\/v2\/droplets"?: EOF/, leaves: "key" },
  {
    ...{ fault: "answer-lost", says: /Post "?https:\/\/api.digitalocean.com\/v2\/droplets"?: EOF/ },
    leaves: "machine and key",
  },
  {
    ...{ fault: "host-dies", says: /404.* The resource you were accessing could not be found/ },
    ...{ leaves: "key", forkLeaves: "nothing" },
  },
  { fault: "host-never-answers", says: waitsForSsh, endAt: waitsForSsh, leaves: "machine and key" },
  { fault: "ssh-refused", says: waitsForSsh, endAt: waitsForSsh, leaves: "machine and key" },
  { fault: "install-unreachable", says: installs, endAt: installs, leaves: "machine and key" },
  {
    fault: "install-fails",
    says: /error installing docker/i,
    leaves: "machine and key",
  },
  { fault: "docker-port-closed", says: /2376: connect: connection refused/, leaves: "machine and key" },
];

/** What `rm -y` says of a machine that was made, when its provider fails. */
const removals: {
  name: string;
  /** Null: the machine is lost before. */
  ec2: Ec2Fault | null;
  digitalOcean: DigitalOceanFault | null;
  says: RegExp;
  isLeft: boolean;
}[] = [
  {
    ...{ name: "server-error", ec2: "terminate-fails", digitalOcean: "delete-fails" },
    ...{ says: /An internal error has occurred|Unexpected server-side error/, isLeft: true },
  },
  {
    ...{ name: "wrong-credentials", ec2: "wrong-credentials", digitalOcean: "wrong-credentials" },
    ...{ says: /AuthFailure|Unable to authenticate you/, isLeft: true },
  },
  { ...{ name: "gone", ec2: null, digitalOcean: null }, says: /Successfully removed rm-gone/, isLeft: false },
];

describe.skipIf(cloudMissing).each(machinePrograms)("%s", (path) => {
  const isFork = basename(path) === "rancher-machine";
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(() => cloud?.close());
  afterEach(async () => {
    const { ec2, digitalOcean } = cloud;
    ec2.mend();
    digitalOcean.mend();
    for (const { id } of (await ec2.now()).instances.filter(isAlive)) await ec2.lose(id);
    for (const { id } of (await digitalOcean.now()).droplets) await digitalOcean.lose(String(id));
  });

  test.each(ec2Cases.map((each) => ({ ...each, name: each.name ?? each.fault! })))("EC2: $name", async (each) => {
    const { ec2 } = cloud;
    const before = await ec2.now();
    await expectFailure(ec2, each);
    const after = await ec2.now();
    const keysMade = after.keyPairs.length - before.keyPairs.length;
    expect({ machines: after.instances.filter(isAlive).length, keys: keysMade }).toEqual(left(each));
  });

  test.each(digitalOceanCases.map((each) => ({ ...each, name: each.name ?? each.fault! })))(
    "DigitalOcean: $name",
    async (each) => {
      const { digitalOcean } = cloud;
      const before = await digitalOcean.now();
      await expectFailure(digitalOcean, each);
      const after = await digitalOcean.now();
      const keysMade = after.keys.length - before.keys.length;
      expect({ machines: after.droplets.length, keys: keysMade }).toEqual(left(each));
    },
  );

  // docker-machine's SDK asks again by itself and sends no token with it: an instance that nobody knows of.
  test(`an instance of EC2 whose answer is lost is made ${isFork ? "once" : "twice, both with the same key"}`, async () => {
    const { ec2 } = cloud;
    ec2.fail({ fault: "answer-lost", times: 1 });
    await using program = await MachineProgram.prepare(path, cloud.environment);
    await program.create("lost-1", ec2.driver, ec2.driverConfig(), { endAt: waitsForSsh });
    expect(ec2.calls.filter(({ call }) => call === "RunInstances").slice(-2)).toMatchObject([
      { status: null, fault: "answer-lost" },
      { status: 200, fault: null },
    ]);
    const made = (await ec2.now()).instances.filter(isAlive);
    expect(made).toHaveLength(isFork ? 1 : 2);
    expect(new Set(made.map(({ keyName }) => keyName)).size).toBe(1);
  });

  test.each(removals)("rm -y on EC2: $name", async ({ name, ec2: fault, says, isLeft }) => {
    const { ec2 } = cloud;
    await expectRemoval(ec2, { name, fault, says, lose: async () => ec2.lose(await runningInstance()) });
    expect((await ec2.now()).instances.filter(isAlive)).toHaveLength(isLeft ? 1 : 0);
  });

  test.each(removals)("rm -y on DigitalOcean: $name", async ({ name, digitalOcean: fault, says, isLeft }) => {
    const { digitalOcean } = cloud;
    const lose = async () => digitalOcean.lose(String((await digitalOcean.now()).droplets[0]!.id));
    await expectRemoval(digitalOcean, { name, fault, says, lose });
    expect((await digitalOcean.now()).droplets).toHaveLength(isLeft ? 1 : 0);
  });

  const runningInstance = async () => (await cloud.ec2.now()).instances.find(isAlive)!.id;

  async function expectRemoval<Fault extends string>(
    provider: Provider<unknown, Fault>,
    { name, fault, says, lose }: { name: string; fault: Fault | null; says: RegExp; lose: () => Promise<void> },
  ): Promise<void> {
    await using program = await MachineProgram.prepare(path, cloud.environment);
    const machine = `rm-${name}`;
    const given = provider.driverConfig();
    using _host = provider.fail({ fault: "host-never-answers" as Fault });
    await program.create(machine, provider.driver, given, { endAt: waitsForSsh });
    if (fault) provider.fail({ fault });
    else await lose();
    const ended = await program.run(["rm", "-y", machine]);
    await keep(program, `${provider.driver}-rm-${name}`, ended, { ...given, machine });
    expect(ended.stdout + ended.stderr).toMatch(says);
  }

  async function expectFailure<Fault extends string>(
    provider: Provider<unknown, Fault>,
    { fault, name, times, options, without = [], says, endAt }: Case<Fault>,
  ): Promise<void> {
    await using program = await MachineProgram.prepare(path, cloud.environment);
    if (fault) provider.fail({ fault, times });
    const given = provider.driverConfig(options);
    for (const option of without) delete given[option];
    // Its own, because a key of that name may be left from the one before.
    const machine = `case-${name}`;
    const ended = await program.create(machine, provider.driver, given, isCollecting ? {} : { endAt });
    await keep(program, `${provider.driver}-${name}`, ended, { ...given, machine });
    expect(ended.stdout + ended.stderr).toMatch(says);
    if (!endAt) expect(ended.exitCode).not.toBe(0);
  }

  function left({ leaves = "nothing", forkLeaves = leaves }: Case<string>) {
    const what = isFork ? forkLeaves : leaves;
    return { machines: what === "machine and key" ? 1 : 0, keys: what === "nothing" ? 0 : 1 };
  }
});

const isAlive = ({ state }: Instance) => state !== "terminated";
