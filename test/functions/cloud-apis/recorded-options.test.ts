// What docker-machine has recorded of a machine leads the census, whatever the functions' variables say by now.
import { expect, test } from "vitest";
import { outcomeUnknown } from "../../../functions/contract.ts";
import { buildDelete } from "../../../functions/delete.ts";
import { openStorage } from "../../../functions/docker-machine/machine-storage.ts";
import { fakeDockerMachine, machineOf, runWork, temporaryDirectory } from "../work-scene.ts";
import { startEc2 } from "./fake-ec2.ts";

const nothing = {
  DescribeInstances: "<reservationSet/>",
  DescribeSpotInstanceRequests: "<spotInstanceRequestSet/>",
  DescribeKeyPairs: "<keySet/>",
};

/** Deletes a machine that was made with `recorded`, when `variables` are those of the functions. */
async function deleteRecorded(recorded: Record<string, unknown>, variables: Record<string, string> = {}) {
  const { given, asked } = await startEc2(nothing);
  const { endpoint } = given().driverConfig;
  const { tools } = await fakeDockerMachine({ rm: "removed" });
  const withVariables = {
    ...tools,
    config: { ...tools.config, environment: { ...tools.config.environment, ...variables } },
  };
  const machine = machineOf({ driver: "amazonec2", driverConfig: { endpoint: endpoint! } });
  const storage = await openStorage(`${await temporaryDirectory()}/storage`, machine, {
    name: "docker-machine",
    version: "0.16.2",
  });
  const Driver = { InstanceId: "", Endpoint: endpoint, AccessKey: "AKIDRECORDED", SecretKey: "s3cret", ...recorded };
  await storage.restoreRecord(JSON.stringify({ Driver }));
  const { result } = await runWork(buildDelete(withVariables), withVariables, {
    machine: { ...machine, archive: await storage.pack() },
  });
  return { result, asked };
}

test("the region is the one that the machine was made in", async () => {
  const variables = {
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIDGIVEN",
    AWS_SECRET_ACCESS_KEY: "s3cret",
  };
  const { asked } = await deleteRecorded({ Region: "us-west-2" }, variables);
  for (const { authorization } of asked) expect(authorization).toMatch(/Credential=AKIDGIVEN\/\d+\/us-west-2\//);
});

test("credentials that nobody gives any more are the recorded ones", async () => {
  const { asked, result } = await deleteRecorded({ Region: "us-west-2" });
  expect(result.transitioning).toBe("no");
  for (const { authorization } of asked) expect(authorization).toMatch(/Credential=AKIDRECORDED\//);
});

test("a spot instance that was asked for is looked for", async () => {
  const { asked } = await deleteRecorded({ RequestSpotInstance: true });
  expect(asked.map(({ action }) => action)).toContain("DescribeSpotInstanceRequests");
});

test("a machine that was made with a key pair of others is left to a person", async () => {
  const { asked, result } = await deleteRecorded({ ExistingKey: true, KeyName: "everybodys" });
  expect(result).toMatchObject({ transitioning: "error", code: outcomeUnknown });
  expect(asked).toEqual([]);
});

test("a key pair of others that is given only now does not hide the machine's own", async () => {
  const { asked, result } = await deleteRecorded(
    { ExistingKey: false, KeyName: "web-1-k3f9q2ab" },
    { AWS_KEYPAIR_NAME: "everybodys" },
  );
  expect(result.transitioning).toBe("no");
  expect(asked.length).toBeGreaterThan(0);
});
