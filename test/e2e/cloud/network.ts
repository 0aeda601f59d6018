// The network that the hosts of both clouds are in, reachable from this machine: that of EC2's default VPC.
import { execa } from "execa";
import { docker } from "../engine.ts";

export const cloudNetwork = "machine-relay-cloud";
/** As moto has it. Its subnets take the first 16 blocks of 4096 at most from the beginning. */
export const cloudSubnet = "172.31.0.0/16";
/** This machine, as the hosts see it. */
export const cloudGateway = "172.31.0.1";
/** As engine.sh knows it, which removes it when nobody else does. */
const bridge = "mr-e2e1";
/** Marks every container of ours. */
export const cloudLabel = "machine-relay-cloud";

/** Addresses that moto gives to nobody: those of a block behind its subnets. */
export function* dropletAddresses(): Generator<string, never> {
  for (;;) for (let last = 2; last < 255; last++) yield `172.31.240.${last}`;
}

/** @throws Error when this machine itself is in that network */
export async function makeNetwork(): Promise<AsyncDisposable> {
  await removeNetwork();
  const { stdout: route } = await execa("ip", ["route", "show", "root", cloudSubnet]);
  if (route.trim()) throw new Error(`the cloud needs the network ${cloudSubnet}, but here is already: ${route.trim()}`);
  await docker([
    ...["network", "create", "--subnet", cloudSubnet, "--gateway", cloudGateway],
    ...["--opt", `com.docker.network.bridge.name=${bridge}`, cloudNetwork],
  ]);
  return { [Symbol.asyncDispose]: removeNetwork };
}

/** With all that is in it, also what a killed test left there. */
async function removeNetwork(): Promise<void> {
  const containers = await docker(["ps", "--all", "--quiet", "--filter", `label=${cloudLabel}`]);
  if (containers) await docker(["rm", "--force", "--volumes", ...containers.split("\n")]);
  const networks = await docker(["network", "ls", "--quiet", "--filter", `name=^${cloudNetwork}$`]);
  if (networks) await docker(["network", "rm", cloudNetwork]);
}
