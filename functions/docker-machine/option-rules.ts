// What a driver's help does not tell: which options go together, which exclude each other, and which names its provider
// refuses. Data, read off the drivers' sources and the providers' documentation; and the one function that applies it.
import type { DriverConfig, DriverOption } from "../contract.ts";
import { FunctionProblem } from "../problem.ts";
import { givenOptions } from "./driver-options.ts";

type Rule =
  /** `given` is of no use, or refused, without `needs`. */
  | { driver: string; given: string; needs: string; because: string }
  /** Both at once are refused. */
  | { driver: string; either: readonly [string, string]; because: string };

const rules: readonly Rule[] = [
  needs("amazonec2", "keypairName", "sshKeypath", "the driver has no other way to the private key of that pair"),
  needs("amazonec2", "insecureTransport", "endpoint", "EC2 itself answers with TLS only"),
  needs("amazonec2", "accessKey", "secretKey", "one without the other is not used, and the driver says nothing"),
  needs("amazonec2", "secretKey", "accessKey", "one without the other is not used, and the driver says nothing"),
  needs("amazonec2", "sessionToken", "accessKey", "a session token belongs to keys"),
  needs("amazonec2", "blockDurationMinutes", "requestSpotInstance", "only spot instances have a duration"),
  needs("azure", "clientId", "clientSecret", "a service principal has both"),
  needs("azure", "clientSecret", "clientId", "a service principal has both"),
  needs("digitalocean", "sshKeyPath", "sshKeyFingerprint", "without it the driver makes a key of its own"),
  needs("openstack", "keypairName", "privateKeyFile", "the driver wants both or none"),
  needs("openstack", "privateKeyFile", "keypairName", "the driver wants both or none"),
  either("openstack", "flavorName", "flavorId"),
  either("openstack", "imageName", "imageId"),
  either("openstack", "netName", "netId"),
];

function needs(driver: string, given: string, needed: string, because: string): Rule {
  return { driver, given, needs: needed, because };
}
function either(driver: string, one: string, other: string): Rule {
  return { driver, either: [one, other], because: "they say the same, and the driver refuses both" };
}

interface NameRule {
  pattern: RegExp;
  expected: string;
  /** Where it can be read. */
  source: string;
}

/** Of the VM's name, which is the machine's with a dash and eight characters more. */
const names: Readonly<Record<string, NameRule>> = {
  azure: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/,
    expected: "at most 64 letters, digits, dots and dashes",
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  },
  digitalocean: {
    pattern: /^[A-Za-z0-9.-]{1,253}$/,
    expected: "letters, digits, dots and dashes",
    source: "https://docs.digitalocean.com/reference/api/digitalocean/#tag/Droplets",
  },
  exoscale: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    expected: "at most 63 letters, digits and dashes",
    source: "https://www.rfc-editor.org/rfc/rfc1123#section-2.1",
  },
  google: {
    pattern: /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    expected: "at most 63 lower-case letters, digits and dashes, a letter first",
    source: "https://cloud.google.com/compute/docs/naming-resources",
  },
  vmwarevsphere: {
    pattern: /^.{1,80}$/,
    expected: "at most 80 characters",
    source: "https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/",
  },
};

export interface RulesInput {
  driver: string;
  options: readonly DriverOption[];
  driverConfig: DriverConfig;
}

/**
 * @param isComplete false: somebody may still be typing, so nothing is missing
 * @throws FunctionProblem 422 `option.conflict`, `option.missing`
 */
export function checkRules({ driver, options, driverConfig }: RulesInput, isComplete: boolean): void {
  const given = new Map(
    [...givenOptions({ driver, options }, driverConfig)].map(([option, key]) => [option?.name, key]),
  );
  const known = (name: string): boolean => options.some((option) => option.name === name);
  const isThere = (name: string): boolean => options.find((option) => option.name === name)?.isSetThere ?? false;
  for (const rule of rules) {
    if (rule.driver !== driver) continue;
    if ("either" in rule) {
      const [one, other] = rule.either.map((name) => given.get(name));
      if (one === undefined || other === undefined) continue;
      throw problem("option.conflict", other, `${one} or ${other}, not both: ${rule.because}`, "both");
    }
    const key = isComplete ? given.get(rule.given) : undefined;
    // A version without the second has another way.
    if (key === undefined || given.has(rule.needs) || isThere(rule.needs) || !known(rule.needs)) continue;
    throw problem("option.missing", rule.needs, `a value, because ${key} is given: ${rule.because}`, "nothing");
  }
}

function problem(code: string, name: string, expected: string, got: string): FunctionProblem {
  const field = `driverConfig.${name}`;
  const detail = `${field} must be ${expected}, got ${got}`;
  return new FunctionProblem({ status: 422, code, detail, field, expected, got });
}

/** @throws FunctionProblem 422 `machine.nameRefused` */
export function checkProviderName(driver: string, machineName: string): void {
  const rule = Object.hasOwn(names, driver) ? names[driver] : undefined;
  if (rule === undefined || rule.pattern.test(machineName)) return;
  throw new FunctionProblem({
    status: 422,
    code: "machine.nameRefused",
    detail: `The provider of ${driver} takes no machine with the name ${machineName} (the name, a dash and eight characters): ${rule.expected}. See ${rule.source}.`,
    field: "name",
    expected: rule.expected,
    got: machineName,
  });
}
