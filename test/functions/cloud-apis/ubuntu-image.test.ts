import { expect, test } from "vitest";
import { findUbuntuImage } from "../../../functions/cloud-apis/ubuntu-image.ts";
import { startEc2 } from "./fake-ec2.ts";

const signal = new AbortController().signal;
const image = (id: string, at: string) =>
  `<item><imageId>${id}</imageId><creationDate>${at}</creationDate><imageState>available</imageState></item>`;
const types = (...architectures: string[]) =>
  `<instanceTypeSet><item><processorInfo><supportedArchitectures>${architectures.map((each) => `<item>${each}</item>`).join("")}</supportedArchitectures></processorInfo></item></instanceTypeSet>`;

test("it is the newest one of Canonical", async () => {
  const { given, asked } = await startEc2({
    DescribeInstanceTypes: types("x86_64"),
    DescribeImages: `<imagesSet>${image("ami-old", "2025-01-01T00:00:00.000Z")}${image("ami-new", "2026-09-01T00:00:00.000Z")}${image("ami-middle", "2026-01-01T00:00:00.000Z")}</imagesSet>`,
  });
  expect(await findUbuntuImage(given({ instanceType: "t3.micro" }), signal)).toBe("ami-new");
  expect(asked.find(({ action }) => action === "DescribeImages")?.parameters).toMatchObject({
    "Owner.1": "099720109477",
    "Filter.1.Value.1": "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*",
  });
});

test.each([
  ["eu-west-1", "099720109477"],
  ["us-gov-west-1", "513442679011"],
  ["cn-north-1", "837727238323"],
])("in %s Canonical is %s", async (region, owner) => {
  const { given, asked } = await startEc2({
    DescribeInstanceTypes: types("x86_64"),
    DescribeImages: `<imagesSet>${image("ami-1", "2026-01-01T00:00:00.000Z")}</imagesSet>`,
  });
  await findUbuntuImage(given({ region }), signal);
  expect(asked.at(-1)?.parameters["Owner.1"]).toBe(owner);
});

test("it fits the processor of the instance type", async () => {
  const { given, asked } = await startEc2({
    DescribeInstanceTypes: types("arm64"),
    DescribeImages: `<imagesSet>${image("ami-arm", "2026-01-01T00:00:00.000Z")}</imagesSet>`,
  });
  expect(await findUbuntuImage(given({ instanceType: "t4g.micro" }), signal)).toBe("ami-arm");
  expect(asked.at(-1)?.parameters["Filter.1.Value.1"]).toContain("24.04-arm64-server");
});

test("who may not ask for instance types gets the image that fits most of them", async () => {
  const { given, asked } = await startEc2({
    DescribeInstanceTypes: { status: 403, code: "UnauthorizedOperation" },
    DescribeImages: `<imagesSet>${image("ami-1", "2026-01-01T00:00:00.000Z")}</imagesSet>`,
  });
  expect(await findUbuntuImage(given({ instanceType: "t3.micro" }), signal)).toBe("ami-1");
  expect(asked.at(-1)?.parameters["Filter.1.Value.1"]).toContain("24.04-amd64-server");
});

test.each([
  ["none is there", { DescribeImages: "<imagesSet/>" }, "name an image in the option ami"],
  ["EC2 refuses", { DescribeImages: { status: 403, code: "UnauthorizedOperation" } }, "words of UnauthorizedOperation"],
])("when %s, that is said: an image of long ago is no way out", async (_, answers, words) => {
  const { given } = await startEc2({ DescribeInstanceTypes: types("x86_64"), ...answers });
  await expect(findUbuntuImage(given(), signal)).rejects.toThrow(words);
});
