// Our EC2 as its clients see it: moto behind a front, and hosts that follow its instances.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeKeyPair } from "../host.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { cloudMissing } from "./cloud-missing.ts";
import type { Ec2 } from "./ec2/ec2.ts";
import { readXml } from "./ec2/xml.ts";

test("lists, texts and elements of EC2's XML are read", () => {
  expect(
    readXml('<?xml version="1.0"?><R xmlns="x"><a><item><b>1 &lt; 2</b></item><item/></a><c/><d><e>f</e></d></R>'),
  ).toEqual({ a: [{ b: "1 < 2" }, ""], c: "", d: { e: "f" } });
});

describe.skipIf(cloudMissing)("our EC2", () => {
  let cloud: Cloud;
  let ec2: Ec2;
  beforeAll(async () => {
    cloud = await startCloud();
    ec2 = cloud.ec2;
  });
  afterEach(() => ec2.mend());
  afterAll(() => cloud?.close());

  async function ask(action: string, parameters: Record<string, string> = {}, key?: string) {
    const credential = `${key ?? ec2.driverConfig().accessKey}/20250101/us-east-1/ec2/aws4_request`;
    const answer = await fetch(ec2.endpoint, {
      ...{ method: "POST", body: new URLSearchParams({ Action: action, ...parameters }) },
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` },
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** The new instance's id. */
  async function launch(parameters: Record<string, string> = {}): Promise<string> {
    const subnets = await ask("DescribeSubnets");
    const { text } = await ask("RunInstances", {
      ...{ ImageId: String(ec2.driverConfig().ami), MinCount: "1", MaxCount: "1", InstanceType: "t3.micro" },
      ...{ SubnetId: /<subnetId>(subnet-\w+)</.exec(subnets.text)![1]! },
      ...parameters,
    });
    return /<instanceId>(i-\w+)</.exec(text)![1]!;
  }

  const stateOf = async (id: string) => (await ec2.now()).instances.find((each) => each.id === id)?.state;

  test("nobody else's key is let in", async () => {
    const answer = await ask("DescribeInstances", {}, "AKIANOBODY");
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("<Code>AuthFailure</Code>");
  });

  test("a new access key is let in, and one that was taken away no longer", async () => {
    const statusOf = async () => (await ask("DescribeInstances", {}, "AKIANEW")).status;
    ec2.credentials.add("AKIANEW");
    expect(await statusOf()).toBe(200);
    ec2.credentials.delete("AKIANEW");
    expect(await statusOf()).toBe(401);
  });

  test("a fault that is about one thing meets only calls that name it", async () => {
    ec2.fail({ fault: "server-error", call: "DescribeKeyPairs", about: "web-1" });
    const statusFor = async (name: string) =>
      (await ask("DescribeKeyPairs", { "Filter.1.Name": "key-name", "Filter.1.Value.1": name })).status;
    expect(await statusFor("web-2")).toBe(200);
    expect(await statusFor("web-1")).toBe(500);
  });

  test("the account has a default VPC until it is told to have none", async () => {
    const isNone = async () => (await ask("DescribeAccountAttributes")).text.includes("<attributeValue>none<");
    expect(await isNone()).toBe(false);
    const failing = ec2.fail({ fault: "no-default-vpc" });
    expect(await isNone()).toBe(true);
    failing.stop();
    expect(await isNone()).toBe(false);
  });

  test("an image is found by its owner and the pattern of its name", async () => {
    const { text } = await ask("DescribeImages", {
      ...{ "Owner.1": "099720109477", "Filter.1.Name": "name" },
      "Filter.1.Value.1": "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*",
    });
    expect([...text.matchAll(/<imageId>(ami-\w+)</g)].map(([, id]) => id)).toContain(ec2.driverConfig().ami);
  });

  test("an instance's host opens with its key pair, stops and starts with it, and is gone with it", async () => {
    const { publicKey } = await makeKeyPair();
    await ask("ImportKeyPair", { KeyName: "k", PublicKeyMaterial: Buffer.from(publicKey).toString("base64") });
    const id = await launch({ KeyName: "k" });
    const host = await ec2.hostOf(id);
    expect(await host.run("cat", "/root/.ssh/authorized_keys")).toContain(publicKey.split(" ")[1]);

    await ask("StopInstances", { "InstanceId.1": id });
    await ec2.settled();
    await expect(host.run("true")).rejects.toThrow("is not running");
    await ask("StartInstances", { "InstanceId.1": id });
    await ec2.settled();
    await host.run("true");

    await ask("TerminateInstances", { "InstanceId.1": id });
    await ec2.settled();
    await expect(host.run("true")).rejects.toThrow(/No such container/);
    await expect(ec2.hostOf(id)).rejects.toThrow("has no host");
  });

  test("a launch that is asked for twice with one token makes one instance", async () => {
    ec2.fail({ fault: "host-never-answers" });
    const [one, other] = [await launch({ ClientToken: "t-1" }), await launch({ ClientToken: "t-1" })];
    expect(other).toBe(one);
    expect(await launch({ ClientToken: "t-2" })).not.toBe(one);
  });

  test("an instance may die as soon as it is born", async () => {
    ec2.fail({ fault: "host-dies", times: 1 });
    const id = await launch();
    expect(await stateOf(id)).toBe("terminated");
  });

  test("a launch is held until it is let go, and its instance is born then", async () => {
    ec2.fail({ fault: "host-never-answers", call: "none" });
    const failing = ec2.fail({ fault: "held", times: 1 });
    const before = (await ec2.now()).instances.length;
    const launched = launch();
    await failing.met;
    expect((await ec2.now()).instances).toHaveLength(before);
    failing.stop();
    expect(await stateOf(await launched)).toBe("running");
    await ec2.lose(await launched);
  });
});
