// The image for an instance of EC2, where nobody named one: Canonical's newest, for the architecture of the instance type.
import {
  DescribeInstanceTypesCommand,
  type DescribeInstanceTypesCommandOutput,
  type EC2Client,
  paginateDescribeImages,
} from "@aws-sdk/client-ec2";
import { ubuntuAtEc2 } from "../docker-machine/recommended-values.ts";
import { WorkFailure } from "../work-failure.ts";
import { askEc2, openEc2 } from "./ec2-client.ts";
import { type GivenOptions, givenText } from "./given-option.ts";

/** @throws WorkFailure in EC2's words, or when it has none */
export async function findUbuntuImage(given: GivenOptions, signal: AbortSignal): Promise<string> {
  const client = openEc2(given);
  try {
    return await askEc2(signal, "an image", () => findNewest(client, given, signal));
  } finally {
    client.destroy();
  }
}

async function findNewest(client: EC2Client, given: GivenOptions, signal: AbortSignal): Promise<string> {
  const architecture = await architectureOf(client, givenText(given, "instanceType"), signal);
  const pattern = ubuntuAtEc2.namePattern(architecture);
  const owner = ubuntuAtEc2.ownerIn(givenText(given, "region") ?? "");
  const input = {
    Owners: [owner],
    Filters: [
      { Name: "name", Values: [pattern] },
      { Name: "state", Values: ["available"] },
    ],
  };
  let newest = { id: "", at: "" };
  for await (const { Images = [] } of paginateDescribeImages({ client }, input, { abortSignal: signal })) {
    for (const { ImageId = "", CreationDate = "" } of Images) {
      if (CreationDate > newest.at) newest = { id: ImageId, at: CreationDate };
    }
  }
  if (newest.id !== "") return newest.id;
  throw new WorkFailure(
    "image.notFound",
    `EC2 has no image ${pattern} of ${owner} there: name an image in the option ami.`,
  );
}

async function architectureOf(
  client: EC2Client,
  instanceType: string | null,
  signal: AbortSignal,
): Promise<"amd64" | "arm64"> {
  if (instanceType === null) return "amd64";
  const command = new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as never] });
  const { InstanceTypes = [] } = await client.send(command, { abortSignal: signal }).catch(nothingIfForbidden);
  const supported = InstanceTypes[0]?.ProcessorInfo?.SupportedArchitectures ?? [];
  return supported.includes("arm64") && !supported.includes("x86_64") ? "arm64" : "amd64";
}

/** docker-machine never asks that, so not everybody has the right to. With the wrong architecture EC2 refuses the instance. */
function nothingIfForbidden(error: unknown): DescribeInstanceTypesCommandOutput {
  if ((error as Error).name === "UnauthorizedOperation") return { $metadata: {} };
  throw error;
}
