// A cloud on one machine: an EC2 and a DigitalOcean whose machines are real hosts in containers. Needs the engine of engine.ts.
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { findProgram, whatIsMissing } from "../engine.ts";
import { type DigitalOcean, startDigitalOcean } from "./digital-ocean/digital-ocean.ts";
import { type Ec2, startEc2 } from "./ec2/ec2.ts";
import { makeNetwork } from "./network.ts";

/** As engine.sh knows it, which removes it when nobody else does. */
const directories = "/run/machine-relay-cloud";

export interface Cloud extends AsyncDisposable {
  ec2: Ec2;
  digitalOcean: DigitalOcean;
  /** What the functions must be given, so that their docker-machine reaches both. */
  environment: Record<string, string>;
  /** Removes everything, hosts too. */
  close(): Promise<void>;
}

/** What is missing here for a cloud, besides what an engine needs; null: nothing. */
export async function whatIsMissingForCloud(): Promise<string | null> {
  const program = ["python3", "openssl"].find((each) => findProgram(each) === null);
  if (program !== undefined || whatIsMissing() !== null) return whatIsMissing() ?? program!;
  const { failed } = await execa("python3", ["-c", "import ensurepip, venv"], { reject: false });
  return failed ? "python3-venv" : null;
}

/** @param address where both listen; another than loopback's for programs in containers */
export async function startCloud({ address = "127.0.0.1" } = {}): Promise<Cloud> {
  await using undo = new AsyncDisposableStack();
  // There is one network, so one cloud: what is there is of one that was killed.
  await rm(directories, { recursive: true, force: true });
  await mkdir(directories, { recursive: true });
  const directory = await mkdtemp(join(directories, "cloud-"));
  // Nothing secret is in it, and whoever starts the functions may be somebody else.
  await chmod(directory, 0o755);
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  undo.use(await makeNetwork());
  const ec2 = undo.use(await startEc2(address));
  const digitalOcean = undo.use(await startDigitalOcean(address, directory));
  const everything = undo.move();
  return {
    ec2,
    digitalOcean,
    environment: digitalOcean.environment,
    close: () => everything.disposeAsync(),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
