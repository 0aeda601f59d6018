// Values for options whose default is dead: it names an image, a size, … that its cloud does not have any more. Added
// where nobody gave a value; whatever a person or the environment gives wins. An entry counts only where the program's own
// help shows the dead default: a fork that has mended it is left alone. None of them was tried on the live cloud.

export interface RecommendedEntry {
  driver: string;
  option: string;
  /** The defaults that are dead; null: there is none, and what the program takes then is. */
  deadDefaults: readonly (string | null)[];
  /** A value, or what is looked up at the provider when a machine is made (recommend.ts). */
  value: { text: string } | { lookUp: string };
  reason: string;
  /** Where the reason can be read. */
  source: string;
}

/** The owner of Ubuntu's images at EC2, and what they are called. Source: the entry below. */
export const ubuntuAtEc2 = {
  /** Each partition of AWS has its own. */
  ownerIn(region: string): string {
    if (region.startsWith("us-gov-")) return "513442679011";
    return region.startsWith("cn-") ? "837727238323" : "099720109477";
  },
  namePattern: (architecture: "amd64" | "arm64") =>
    `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${architecture}-server-*`,
} as const;

const ubuntu1604 = "Docker's installation script supports Ubuntu 16.04 no more";
const noDockerForIt = "https://gitlab.com/gitlab-org/ci-cd/docker-machine/-/merge_requests/125";

export const recommendedValues: readonly RecommendedEntry[] = [
  {
    ...{ driver: "amazonec2", option: "ami", deadDefaults: [null] },
    value: { lookUp: "the newest Ubuntu 24.04 of Canonical in the region" },
    reason: "the driver's own list names images of one day for each region, and EC2 withdraws old ones",
    source: "https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/",
  },
  {
    ...{ driver: "amazonec2", option: "instanceType", deadDefaults: ["t2.micro"] },
    value: { text: "t3.micro" },
    reason: "newer regions do not have t2.micro",
    source: "https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-regions.html",
  },
  {
    ...{ driver: "azure", option: "image", deadDefaults: ["canonical:UbuntuServer:16.04.0-LTS:latest"] },
    value: { text: "canonical:ubuntu-24_04-lts:server-gen1:latest" },
    reason: ubuntu1604,
    source: noDockerForIt,
  },
  {
    ...{ driver: "digitalocean", option: "image", deadDefaults: ["ubuntu-16-04-x64", "ubuntu-20-04-x64"] },
    value: { text: "ubuntu-24-04-x64" },
    reason: "DigitalOcean takes images of Ubuntu away once its support has ended",
    source: "https://github.com/inlets/inlets-operator/issues/123",
  },
  {
    ...{ driver: "exoscale", option: "image", deadDefaults: ["Linux Ubuntu 16.04 LTS 64-bit"] },
    value: { text: "Linux Ubuntu 24.04 LTS 64-bit" },
    reason: ubuntu1604,
    source: noDockerForIt,
  },
  {
    driver: "google",
    option: "machineImage",
    deadDefaults: [
      "ubuntu-os-cloud/global/images/ubuntu-1604-xenial-v20170721",
      "ubuntu-os-cloud/global/images/ubuntu-2204-jammy-v20220420",
    ],
    value: { text: "ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64" },
    reason: "an image of one day is deprecated by the next one of its family, and 16.04 cannot get Docker any more",
    source: noDockerForIt,
  },
];

export const recommendedFor = (driver: string, option: string, byDefault: string | null): RecommendedEntry | null =>
  recommendedValues.find(
    (entry) => entry.driver === driver && entry.option === option && entry.deadDefaults.includes(byDefault),
  ) ?? null;
