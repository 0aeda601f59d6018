// The one account of our EC2: its credentials, and what moto says is in it.
import { listOf, readXml, textOf, type XmlElement } from "./xml.ts";

export const region = "us-east-1";
/** Its whole name: the drivers add no region to it when they are given an endpoint. */
export const zone = "us-east-1a";
export const accessKey = "AKIAMACHINERELAY0001";
export const secretKey = "only-for-the-cloud-of-the-end-to-end-tests";
/** Ubuntu 22.04 of images.json. */
export const image = "ami-00000000000022042";

/** moto looks at nothing but the region and the service in it. */
const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/20250101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`;

export interface Instance {
  id: string;
  /** pending, running, stopping, stopped, shutting-down, terminated */
  state: string;
  ipAddress: string;
  imageId: string;
  instanceType: string;
  keyName: string;
  isSpot: boolean;
  /** Null: it has none. */
  publicIpAddress: string | null;
  tags: Record<string, string>;
  securityGroups: string[];
}

export interface KeyPair {
  name: string;
  publicKey: string;
}

export interface SpotRequest {
  /** That fulfils it; empty: none does. */
  instanceId: string;
  /** At most, in dollars an hour. */
  price: number;
}

export interface Ec2Now {
  /** Terminated ones are kept for a while, as on the live cloud. */
  instances: Instance[];
  spotRequests: SpotRequest[];
  keyPairs: KeyPair[];
}

export class Account {
  readonly #url: string;

  constructor(motoUrl: string) {
    this.#url = motoUrl;
  }

  /** @throws Error with the answer, when it is none of 2xx */
  async ask(action: string, parameters: Record<string, string> = {}): Promise<XmlElement> {
    const body = new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters });
    const answer = await fetch(this.#url, { method: "POST", headers: { authorization }, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${action}: ${answer.status} ${text}`);
    return readXml(text);
  }

  async now(): Promise<Ec2Now> {
    const [instances, keys, requests] = await Promise.all([
      this.ask("DescribeInstances"),
      this.ask("DescribeKeyPairs", { IncludePublicKey: "true" }),
      this.ask("DescribeSpotInstanceRequests"),
    ]);
    return {
      instances: listOf(instances.reservationSet).flatMap(({ instancesSet }) => listOf(instancesSet).map(readInstance)),
      spotRequests: listOf(requests.spotInstanceRequestSet).map(({ instanceId, spotPrice }) => ({
        instanceId: textOf(instanceId),
        price: Number(textOf(spotPrice)),
      })),
      keyPairs: listOf(keys.keySet).map(({ keyName, publicKey }) => ({
        name: textOf(keyName),
        publicKey: textOf(publicKey),
      })),
    };
  }

  /** Every account that is not very old has one. */
  async defaultVpcId(): Promise<string> {
    const { vpcSet } = await this.ask("DescribeVpcs", { "Filter.1.Name": "is-default", "Filter.1.Value.1": "true" });
    return textOf(listOf(vpcSet)[0]?.vpcId);
  }

  async terminate(id: string): Promise<void> {
    await this.ask("TerminateInstances", { "InstanceId.1": id });
  }
}

function readInstance(item: XmlElement): Instance {
  return {
    id: textOf(item.instanceId),
    state: textOf((item.instanceState as XmlElement).name),
    ipAddress: textOf(item.privateIpAddress),
    imageId: textOf(item.imageId),
    instanceType: textOf(item.instanceType),
    keyName: textOf(item.keyName),
    publicIpAddress: textOf(item.ipAddress) || null,
    isSpot: textOf(item.instanceLifecycle) === "spot",
    tags: Object.fromEntries(listOf(item.tagSet).map(({ key, value }) => [textOf(key), textOf(value)])),
    securityGroups: listOf(item.networkInterfaceSet).flatMap(({ groupSet }) =>
      listOf(groupSet).map(({ groupName }) => textOf(groupName)),
    ),
  };
}
