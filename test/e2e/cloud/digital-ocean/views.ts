// How the account's things look on the wire. Pure.
import type { AccountKey, Action, Droplet } from "./account.ts";
import { images, regions, sizes } from "./catalogue.ts";

export const viewKey = ({ id, name, fingerprint, publicKey }: AccountKey) => ({
  ...{ id, name, fingerprint },
  public_key: publicKey,
});

export function viewDroplet(droplet: Droplet) {
  const size = sizes.find(({ slug }) => slug === droplet.size)!;
  return {
    ...{ id: droplet.id, name: droplet.name, status: droplet.status, locked: droplet.status === "new" },
    ...{ memory: size.memory, vcpus: size.vcpus, disk: size.disk, size, size_slug: size.slug },
    created_at: droplet.createdAt,
    features: droplet.features,
    ...{ backup_ids: [], snapshot_ids: [], volume_ids: [], next_backup_window: null, kernel: null },
    image: images.find(({ slug }) => slug === droplet.image),
    region: regions.find(({ slug }) => slug === droplet.region),
    tags: droplet.tags,
    networks: viewNetworks(droplet),
  };
}

/** A new one has no address yet. */
function viewNetworks({ status, ipAddress, features }: Droplet) {
  if (status === "new") return { v4: [], v6: [] };
  const last = ipAddress.split(".").at(-1);
  const v6 = { ip_address: `2604:a880:800:10::${last}`, netmask: 64, gateway: "2604:a880:800:10::1", type: "public" };
  return {
    v4: [
      // Not of the hosts' network: nobody needs to reach it.
      { ip_address: `10.108.0.${last}`, netmask: "255.255.240.0", gateway: "10.108.0.1", type: "private" },
      { ip_address: ipAddress, netmask: "255.255.0.0", gateway: "172.31.0.1", type: "public" },
    ],
    v6: features.includes("ipv6") ? [v6] : [],
  };
}

export const viewAction = ({ id, type, dropletId, startedAt }: Action) => ({
  ...{ id, type, status: "completed", started_at: startedAt, completed_at: startedAt },
  ...{ resource_id: dropletId, resource_type: "droplet", region: null, region_slug: null },
});
