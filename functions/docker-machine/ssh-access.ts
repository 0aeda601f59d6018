// How to reach a machine by SSH, as docker-machine's record of it tells. Pure.
import { posix } from "node:path";
import { Value } from "typebox/value";
import { SshAccess } from "../contract.ts";
import type { DriverFields } from "./record.ts";

/** What `BaseDriver` of docker-machine takes where a driver has set nothing. */
const portDefault = 22;
const keyNameDefault = "id_rsa";
/** Whatever is in their records, nobody answers there. */
const driversWithoutSsh: readonly string[] = ["container", "none", "simulated"];

export interface SshSource {
  driver: string;
  machineName: string;
  /** `Driver` of config.json. */
  fields: DriverFields;
  storageDirectory: string;
  /** What is in there, by the path below it. */
  storedPaths: readonly string[];
}

/** Null: there is no SSH, or nobody knows for whom. */
export function sshAccessIn({
  driver,
  machineName,
  fields,
  storageDirectory,
  storedPaths,
}: SshSource): SshAccess | null {
  if (driversWithoutSsh.includes(driver)) return null;
  const { SSHUser: user, SSHPort: port, SSHKeyPath: keyPath } = fields;
  // Some drivers never write down where their key is: then it is where all have it.
  const keyFile =
    typeof keyPath === "string" && keyPath !== ""
      ? posix.relative(storageDirectory, keyPath)
      : posix.join("machines", machineName, keyNameDefault);
  const access = { user, port: port || portDefault, keyFile: storedPaths.includes(keyFile) ? keyFile : null };
  return Value.Check(SshAccess, access) ? access : null;
}
