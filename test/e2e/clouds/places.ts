// The two clouds as one table, for the flows that are the same on both.
import type { Cloud } from "../cloud/cloud.ts";
import type { commonFaults } from "../cloud/faults.ts";
import type { Provider } from "../cloud/provider.ts";
import { isAlive } from "./scene.ts";

export interface Found {
  /** Ids of virtual machines, but for those that were terminated. */
  machines: string[];
  /** Names of SSH keys. */
  keys: string[];
}

export interface Place {
  title: string;
  /** In names of machines. */
  short: string;
  /** The call that makes a machine. */
  launch: string;
  providerOf(cloud: Cloud): Provider<unknown, keyof ReturnType<typeof commonFaults>>;
  /** What there is whose name begins so: docker-machine's name, which is the user's name and more, or the user's. */
  find(cloud: Cloud, name: string): Promise<Found>;
}

export const onEc2: Place = {
  title: "EC2",
  short: "ec2",
  launch: "RunInstances",
  providerOf: ({ ec2 }) => ec2,
  async find({ ec2 }, name) {
    const { instances, keyPairs } = await ec2.now();
    // The name is a tag that comes after the instance; the key pair was there before.
    const ours = instances.filter((each) => each.keyName.startsWith(name) && isAlive(each));
    return {
      machines: ours.map(({ id }) => id),
      keys: keyPairs.map((each) => each.name).filter((each) => each.startsWith(name)),
    };
  },
};

export const onDigitalOcean: Place = {
  title: "DigitalOcean",
  short: "do",
  launch: "POST /v2/droplets",
  providerOf: ({ digitalOcean }) => digitalOcean,
  async find({ digitalOcean }, name) {
    const { droplets, keys } = await digitalOcean.now();
    return {
      machines: droplets.filter((each) => each.name.startsWith(name)).map(({ id }) => String(id)),
      keys: keys.map((each) => each.name).filter((each) => each.startsWith(name)),
    };
  },
};

export const places = [onEc2, onDigitalOcean];
export const nothing: Found = { machines: [], keys: [] };
