// What docker-machine's record says of where and with what a machine was made. The functions' variables may have changed
// since, and create and delete may run with different ones: a census elsewhere would find nothing, and a VM be forgotten.
// Pure. The fields are read off the drivers' sources.
import type { DriverFields } from "../docker-machine/record.ts";
import { type GivenOptions, givenText } from "./given-option.ts";

interface Recorded {
  /** Counts whatever is given by now. */
  place: Readonly<Record<string, string>>;
  /** Counts where none of them is given any more: whoever gives others has changed them. */
  credentials: Readonly<Record<string, string>>;
}

/** Option to field. */
const recordedBy: Readonly<Record<string, Recorded>> = {
  amazonec2: {
    place: {
      ...{ region: "Region", endpoint: "Endpoint", insecureTransport: "DisableSSL" },
      // What it is to be looked for by belongs to it as well.
      requestSpotInstance: "RequestSpotInstance",
    },
    credentials: { accessKey: "AccessKey", secretKey: "SecretKey", sessionToken: "SessionToken" },
  },
  digitalocean: { place: {}, credentials: { accessToken: "AccessToken" } },
};

/** @param fields `Driver` of config.json; null: there is no record */
export function withRecorded(given: GivenOptions, fields: DriverFields | null): GivenOptions {
  const { driver } = given;
  if (fields === null || !Object.hasOwn(recordedBy, driver.name)) return given;
  const { place, credentials } = recordedBy[driver.name]!;
  const areGiven = Object.keys(credentials).some((option) => givenText(given, option) !== null);
  const recorded = { ...readFields(place, fields), ...(areGiven ? {} : readFields(credentials, fields)) };
  return { ...given, recorded: { ...recorded, ...(driver.name === "amazonec2" && keyPairOfOthers(fields)) } };
}

function readFields(names: Readonly<Record<string, string>>, fields: DriverFields): Record<string, string> {
  const known = Object.entries(names).filter(([, field]) => ["string", "boolean"].includes(typeof fields[field]));
  return Object.fromEntries(known.map(([option, field]) => [option, String(fields[field])]));
}

/** Empty: the machine has one of its own. */
function keyPairOfOthers({ ExistingKey: isOfOthers, KeyName: name }: DriverFields): Record<string, string> {
  if (typeof isOfOthers !== "boolean") return {};
  return { keypairName: isOfOthers ? String(name) : "" };
}
