// Where docker-machine's record of a machine keeps the provider's id, driver by driver. Data, read off the drivers' sources.

/** How a machine is found again at its provider. */
export type FoundBy =
  /** Nothing is made there: the host was there before, and stays. */
  | { by: "nothing" }
  /** By the id in this field of config.json's `Driver`. Without it nobody finds it. */
  | { by: "id"; field: string }
  /** By docker-machine's own name for it, which is always known. */
  | { by: "name" }
  /** A driver that we have no source of: by what looks like an id, or an address, which only a finished create has. */
  | { by: "guess" };

const byId = (field: string): FoundBy => ({ by: "id", field });
const byName: FoundBy = { by: "name" };
const makesNothing: FoundBy = { by: "nothing" };

const drivers: Readonly<Record<string, FoundBy>> = {
  amazonec2: byId("InstanceId"),
  azure: byName,
  container: byId("ContainerId"),
  digitalocean: byId("DropletID"),
  exoscale: byId("Id"),
  generic: makesNothing,
  google: byName,
  hyperv: byName,
  none: makesNothing,
  noop: makesNothing,
  openstack: byId("MachineId"),
  pod: byName,
  rackspace: byId("MachineId"),
  simulated: byId("VMId"),
  softlayer: byId("Id"),
  virtualbox: byName,
  vmwarefusion: byName,
  vmwarevcloudair: byId("VAppID"),
  vmwarevsphere: byName,
};

export const foundBy = (driver: string): FoundBy =>
  Object.hasOwn(drivers, driver) ? drivers[driver]! : { by: "guess" };

export const makesNothingAtProvider = (driver: string): boolean => foundBy(driver).by === "nothing";

const looksLikeId = /^(instance|server|machine|droplet|linode|vm|node|device|container)?_?id$/i;

/**
 * The provider's id in a record, or null: the record was saved before the machine was born, or never learned of it.
 * @param fields `Driver` of config.json
 */
export function providerIdIn(driver: string, fields: Readonly<Record<string, unknown>>): string | null {
  const found = foundBy(driver);
  switch (found.by) {
    case "nothing":
      return null;
    case "name":
      return idFrom(fields.MachineName);
    case "id":
      return idFrom(fields[found.field]);
    case "guess": {
      const names = Object.keys(fields).filter((name) => looksLikeId.test(name));
      return names.map((name) => idFrom(fields[name])).find((id) => id !== null) ?? idFrom(fields.IPAddress);
    }
  }
}

/** Go writes 0 and "" for what was never set. */
function idFrom(value: unknown): string | null {
  if (typeof value === "number") return value === 0 ? null : String(value);
  return typeof value === "string" && value !== "" ? value : null;
}

/** The field that an id found by a person goes into; null where the driver has none, or none that we know. */
export function providerIdField(driver: string, fields: Readonly<Record<string, unknown>>): string | null {
  const found = foundBy(driver);
  if (found.by === "id") return found.field;
  if (found.by === "guess") return Object.keys(fields).find((name) => looksLikeId.test(name)) ?? null;
  return null;
}
