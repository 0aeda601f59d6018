// The few options of a driver that matter to nearly everybody: shown first, in this order. Pure.
import type { FormOption } from "./option-values.ts";

/** A name that a driver's program does not have is passed over: versions differ. */
const firstOptions: Readonly<Record<string, readonly string[]>> = {
  amazonec2: ["accessKey", "secretKey", "region", "zone", "instanceType", "ami", "vpcId", "rootSize"],
  azure: ["subscriptionId", "clientId", "clientSecret", "location", "size", "image", "resourceGroup"],
  container: ["image", "memory", "cpus", "volume"],
  digitalocean: ["accessToken", "region", "size", "image"],
  generic: ["ipAddress", "sshKey", "sshUser", "sshPort"],
  google: ["project", "authEncodedJson", "zone", "machineType", "machineImage", "diskSize"],
  openstack: [
    ...["authUrl", "username", "password", "domainName", "tenantName", "region"],
    ...["flavorName", "imageName", "netName", "secGroups", "sshUser"],
  ],
  simulated: ["durationMs", "failAt", "bootstrap", "remove"],
};
/** Of a driver that we do not know: credentials, where, how large, what. */
const usuallyFirst = /^(region|location|zone|datacenter|size|(server|machine|instance)-?type|plan|flavor|image)$/i;
/** So few need no second part. */
const fewOptions = 6;

export function splitOptions(
  driver: string,
  options: readonly FormOption[],
): { first: FormOption[]; rest: FormOption[] } {
  const first = chooseFirst(driver, options);
  const rest = options.filter((option) => !first.includes(option));
  return options.length <= fewOptions ? { first: [...first, ...rest], rest: [] } : { first, rest };
}

function chooseFirst(driver: string, options: readonly FormOption[]): FormOption[] {
  const names = Object.hasOwn(firstOptions, driver) ? firstOptions[driver] : undefined;
  if (!names) {
    return options.filter(({ name, isSecret, isRequired }) => isRequired || isSecret || usuallyFirst.test(name));
  }
  const listed = names.flatMap((name) => options.find((option) => option.name === name) ?? []);
  // What cannot be left out must not be hidden.
  return [...options.filter((option) => option.isRequired && !listed.includes(option)), ...listed];
}
