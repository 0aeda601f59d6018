// The images with a real docker-machine in them, against an EC2 on this machine.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Cloud, startCloud } from "./cloud/cloud.ts";
import { cloudMissing } from "./cloud/cloud-missing.ts";
import { cloudNetwork } from "./cloud/network.ts";
import { type Composed, composeUp, findCompose } from "./compose.ts";
import { bridgeAddress, docker } from "./engine.ts";
import { machinePrograms } from "./machine-programs.ts";
import { isActiveWithAgent, isDeleted } from "./relay-client.ts";

const command = inject("engineMissing") || cloudMissing ? null : await findCompose();
/** In the cloud's network, where moto gives no address to anybody. The relay has the first. */
const addresses = "172.31.250";
const relayAddress = `${addresses}.2`;
const isMissing = command === null || machinePrograms.length === 0;
if (isMissing)
  console.error("\n!!! NOT RUN: the compose file against EC2: an engine, compose, or docker-machine is missing.\n");

describe.skipIf(isMissing)("docker compose with docker-machine in the image", () => {
  let cloud: Cloud;
  let composed: Composed;
  beforeAll(async () => {
    cloud = await startCloud({ address: bridgeAddress });
    composed = await composeUp(command!, {
      project: "machine-relay-e2e-ec2",
      environment: { PUBLIC_URL: `http://${relayAddress}:8082` },
    });
    // Networks of one engine do not reach each other, as a cloud and its customers do.
    for (const [index, service] of ["relay", "create", "bootstrap", "delete"].entries()) {
      const [id] = await composed.containersOf(service);
      await docker(["network", "connect", "--ip", `${addresses}.${2 + index}`, cloudNetwork, id!]);
    }
  });
  afterAll(async () => {
    await composed?.[Symbol.asyncDispose]();
    await cloud?.close();
  });

  test("an instance of EC2 becomes an active machine with its agent, and is terminated", async () => {
    const { client } = composed;
    expect(await composed.inside("create", "docker-machine --version")).toMatch(/^docker-machine version 0\.16\.2/);
    const { id } = await client.create({ name: "real", driver: "amazonec2", driverConfig: cloud.ec2.driverConfig() });
    await client.until(id, isActiveWithAgent);
    const { instances, keyPairs } = await cloud.ec2.now();
    expect(instances.filter(({ state }) => state === "running")).toHaveLength(1);
    expect(keyPairs).toHaveLength(1);
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    const after = await cloud.ec2.now();
    expect(after.instances.map(({ state }) => state)).toEqual(["terminated"]);
    expect(after.keyPairs).toEqual([]);
  });
});
