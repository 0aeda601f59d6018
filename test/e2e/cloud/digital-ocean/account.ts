// The one account of our DigitalOcean: its keys, droplets and actions. Knows no HTTP.
import { createHash } from "node:crypto";
import type { HostFault } from "../hypervisor.ts";
import { dropletAddresses } from "../network.ts";
import { images, regions, sizes } from "./catalogue.ts";
import { dropletLimit, notFound, unprocessable } from "./errors.ts";

const dropletsMax = 25;

export interface AccountKey {
  id: number;
  name: string;
  fingerprint: string;
  publicKey: string;
}

export interface Droplet {
  id: number;
  name: string;
  status: "new" | "active" | "off";
  region: string;
  size: string;
  image: string;
  ipAddress: string;
  tags: string[];
  features: string[];
  keyIds: number[];
  userData: string;
  createdAt: string;
  hostFault: HostFault | null;
}

export interface Action {
  id: number;
  type: string;
  dropletId: number;
  startedAt: string;
}

export interface DropletRequest {
  name: string;
  region: string;
  size: string;
  image: string | number;
  sshKeys: (string | number)[];
  tags: string[];
  features: string[];
  userData: string;
}

export class Account {
  readonly keys = new Map<number, AccountKey>();
  readonly droplets = new Map<number, Droplet>();
  readonly actions = new Map<number, Action>();
  readonly tags = new Set<string>();
  readonly #addresses = dropletAddresses();
  #lastId = 510_000_000;

  addKey(name: string, publicKey: string): AccountKey {
    const [type, blob] = publicKey.trim().split(/\s+/);
    if (!type?.startsWith("ssh-") || !blob)
      throw unprocessable("Key invalid, key should be of the format `type key [comment]`");
    const fingerprint = createHash("md5").update(Buffer.from(blob, "base64")).digest("hex").match(/../g)!.join(":");
    if ([...this.keys.values()].some((each) => each.fingerprint === fingerprint))
      throw unprocessable("SSH Key is already in use on your account");
    const key = { id: ++this.#lastId, name, fingerprint, publicKey: publicKey.trim() };
    this.keys.set(key.id, key);
    return key;
  }

  /** @param idOrFingerprint @throws DigitalOceanError 404 */
  findKey(idOrFingerprint: string | number): AccountKey {
    const wanted = String(idOrFingerprint);
    const key = [...this.keys.values()].find(({ id, fingerprint }) => String(id) === wanted || fingerprint === wanted);
    if (!key) throw notFound();
    return key;
  }

  /** @throws DigitalOceanError 422, as the live API refuses it */
  addDroplet(request: DropletRequest, hostFault: HostFault | null): Droplet {
    this.#check(request);
    const { name, region, size, tags, features, userData } = request;
    for (const tag of tags) this.tags.add(tag);
    const droplet: Droplet = {
      ...{ id: ++this.#lastId, name, status: "new", region, size, tags, features, userData, hostFault },
      image: findImage(request.image)!.slug,
      ipAddress: this.#addresses.next().value,
      keyIds: request.sshKeys.map((each) => this.findKey(each).id),
      createdAt: now(),
    };
    this.droplets.set(droplet.id, droplet);
    return droplet;
  }

  /** @throws DigitalOceanError 404 */
  findDroplet(id: string | number): Droplet {
    const droplet = this.droplets.get(Number(id));
    if (!droplet) throw notFound();
    return droplet;
  }

  addAction(droplet: Droplet, type: string): Action {
    const action = { id: ++this.#lastId, type, dropletId: droplet.id, startedAt: now() };
    this.actions.set(action.id, action);
    return action;
  }

  #check({ name, region, size, image, sshKeys }: DropletRequest): void {
    if (!/^[a-zA-Z0-9.-]+$/.test(name))
      throw unprocessable("Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
    if (!regions.some(({ slug }) => slug === region))
      throw unprocessable("You specified an invalid region for Droplet creation.");
    if (!sizes.some(({ slug }) => slug === size))
      throw unprocessable("You specified an invalid size for Droplet creation.");
    if (!findImage(image)) throw unprocessable("You specified an invalid image for Droplet creation.");
    const known = new Set([...this.keys.values()].flatMap(({ id, fingerprint }) => [String(id), fingerprint]));
    const unknown = sshKeys.filter((each) => !known.has(String(each)));
    if (unknown.length > 0)
      throw unprocessable(`${unknown.join(", ")} are invalid key identifiers for Droplet creation.`);
    if (this.droplets.size >= dropletsMax) throw dropletLimit();
  }
}

const now = () => new Date().toISOString().replace(/\.\d+/, "");

const findImage = (idOrSlug: string | number) =>
  images.find(({ id, slug }) => slug === idOrSlug || String(id) === String(idOrSlug));
