import { expect, onTestFinished, test } from "vitest";
import { ec2Census, isKeyOf } from "../../../functions/cloud-apis/ec2-census.ts";
import type { DriverConfig } from "../../../functions/contract.ts";
import { startEc2 } from "./fake-ec2.ts";

const machineName = "web-1-k3f9q2ab";

test.each([
  ["web-1-k3f9q2ab", true],
  ["web-1-k3f9q2ab-GOZbS", true],
  ["web-1-k3f9q2ab-a-b2c3d4e5", false],
  ["web-1-k3f9q2ab-b2c3d4e5", false],
  ["web-1-k3f9q2abcdef", false],
  ["my-web-1-k3f9q2ab", false],
  ["", false],
])("the key pair %s is this machine's: %s", (keyName, isOurs) => {
  expect(isKeyOf(machineName, keyName)).toBe(isOurs);
});

async function openCensus(answers: Parameters<typeof startEc2>[0]) {
  const { given, asked } = await startEc2(answers);
  const open = (driverConfig: DriverConfig = {}) => {
    const census = ec2Census(given(driverConfig), machineName, new AbortController().signal);
    if (census !== null) onTestFinished(() => census.close());
    return census;
  };
  return { open, asked };
}

const instance = (id: string, keyName: string, state: string) =>
  `<item><instanceId>${id}</instanceId><keyName>${keyName}</keyName><instanceState><code>0</code><name>${state}</name></instanceState></item>`;
const reservation = (...instances: string[]) =>
  `<reservationSet><item><instancesSet>${instances.join("")}</instancesSet></item></reservationSet>`;

test("finds whatever of this machine may still cost something, by its key pair", async () => {
  const { open, asked } = await openCensus({
    DescribeInstances: reservation(
      instance("i-1", machineName, "running"),
      instance("i-2", `${machineName}-GOZbS`, "pending"),
      instance("i-3", machineName, "terminated"),
      instance("i-4", machineName, "shutting-down"),
      instance("i-5", machineName, "stopped"),
      instance("i-6", `${machineName}-other-a1b2c3d4`, "running"),
    ),
  });
  expect((await open()!.find()).map(({ id }) => id)).toEqual(["i-1", "i-2", "i-5"]);
  expect(asked.map(({ action }) => action)).toEqual(["DescribeInstances", "DescribeInstances"]);
  expect(asked[0]!.authorization).toMatch(/Credential=AKIDTEST\/\d+\/eu-west-1\/ec2\//);
});

test("finds and cancels a spot request that nobody has fulfilled yet", async () => {
  const { open, asked } = await openCensus({
    DescribeInstances: "<reservationSet/>",
    DescribeSpotInstanceRequests: `<spotInstanceRequestSet><item><spotInstanceRequestId>sir-1</spotInstanceRequestId><state>open</state><launchSpecification><keyName>${machineName}</keyName></launchSpecification></item></spotInstanceRequestSet>`,
    CancelSpotInstanceRequests: "<spotInstanceRequestSet/>",
  });
  const census = open({ requestSpotInstance: true })!;
  const found = await census.find();
  expect(found.map(({ id }) => id)).toEqual(["sir-1"]);
  await census.destroy(found[0]!);
  expect(asked.at(-1)).toMatchObject({
    action: "CancelSpotInstanceRequests",
    parameters: { "SpotInstanceRequestId.1": "sir-1" },
  });
});

test("terminates an instance, and takes one that is gone for terminated", async () => {
  const gone = await openCensus({ TerminateInstances: { status: 400, code: "InvalidInstanceID.NotFound" } });
  await gone.open()!.destroy({ id: "i-1", name: "" });
  expect(gone.asked[0]).toMatchObject({ action: "TerminateInstances", parameters: { "InstanceId.1": "i-1" } });
  const refused = await openCensus({ TerminateInstances: { status: 400, code: "OperationNotPermitted" } });
  await expect(refused.open()!.destroy({ id: "i-1", name: "" })).rejects.toThrow("words of OperationNotPermitted");
});

test("removes the key pairs that were made for this machine, and no other", async () => {
  const keys = [machineName, `${machineName}-a1B2c`, `${machineName}-web-a1b2c3d4`];
  const { open, asked } = await openCensus({
    DescribeKeyPairs: `<keySet>${keys.map((name) => `<item><keyName>${name}</keyName></item>`).join("")}</keySet>`,
    DeleteKeyPair: "<return>true</return>",
  });
  await open()!.removeKeys();
  const deleted = asked.filter(({ action }) => action === "DeleteKeyPair").map(({ parameters }) => parameters.KeyName);
  expect(deleted).toEqual([machineName, `${machineName}-a1B2c`]);
});

test("does not keep a machine only because its credentials may not look for key pairs", async () => {
  const { open } = await openCensus({ DescribeKeyPairs: { status: 403, code: "UnauthorizedOperation" } });
  await open()!.removeKeys();
});

test("never says that nothing is there when it was refused", async () => {
  const { open } = await openCensus({ DescribeInstances: { status: 401, code: "AuthFailure" } });
  await expect(open()!.find()).rejects.toThrow(
    "EC2 could not be asked for this machine: AuthFailure: words of AuthFailure",
  );
});

test("leaves a machine with a key pair of others to a person: its instance cannot be told from theirs", async () => {
  const { open } = await openCensus({});
  expect(open({ keypairName: "everybodys" })).toBeNull();
});
