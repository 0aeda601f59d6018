// Where a person can look at what a provider has: by the driver's name. Pure.

export interface ProviderConsole {
  name: string;
  /** Null: it has no address that is everybody's. */
  url: string | null;
}

const consoles: Readonly<Record<string, ProviderConsole>> = {
  amazonec2: { name: "the EC2 console", url: "https://console.aws.amazon.com/ec2/home#Instances:" },
  azure: { name: "the Azure portal", url: "https://portal.azure.com/#browse/Microsoft.Compute%2FVirtualMachines" },
  container: { name: "the Docker engine (docker ps --all)", url: null },
  digitalocean: { name: "DigitalOcean's control panel", url: "https://cloud.digitalocean.com/droplets" },
  exoscale: { name: "Exoscale's portal", url: "https://portal.exoscale.com/compute/instances" },
  google: { name: "the Google Cloud console", url: "https://console.cloud.google.com/compute/instances" },
  hyperv: { name: "Hyper-V Manager", url: null },
  openstack: { name: "your OpenStack's dashboard", url: null },
  rackspace: { name: "Rackspace's control panel", url: "https://mycloud.rackspace.com/" },
  softlayer: { name: "the IBM Cloud console", url: "https://cloud.ibm.com/gen1/infrastructure/devices" },
  virtualbox: { name: "VirtualBox (VBoxManage list vms)", url: null },
  vmwarefusion: { name: "VMware Fusion", url: null },
  vmwarevcloudair: { name: "vCloud Air", url: null },
  vmwarevsphere: { name: "your vSphere client", url: null },
};

export const consoleOf = (driver: string): ProviderConsole =>
  (Object.hasOwn(consoles, driver) ? consoles[driver] : undefined) ?? {
    name: `the console of the provider behind ${driver}`,
    url: null,
  };

/** The options that say where a machine is, in the order in which one looks. */
const placeOptions = ["endpoint", "project", "region", "location", "zone", "availabilityZone", "availability-zone"];

/** `["region nyc3"]`: camelCase or kebab-case, with or without the driver's prefix, as the options may be named. */
export function placesOf(driver: string, driverConfig: Readonly<Record<string, unknown>>): string[] {
  return placeOptions.flatMap((name) => {
    const value = driverConfig[name] ?? driverConfig[`${driver}-${name}`];
    return typeof value === "string" && value !== "" ? [`${name} ${value}`] : [];
  });
}
