// What is known of one machine: config, inspect, ip, status, version.
import { CloudError, openCloud } from "../cloud.ts";
import { enginePort, engineVersion } from "../orders.ts";
import { Failure, print } from "../program.ts";
import { renderTemplate, TemplateError } from "../template.ts";
import { engineUrl } from "./create.ts";
import { getVm } from "./provider.ts";
import { readOrders } from "./read-orders.ts";
import type { MachineRecord } from "./record.ts";

/** The flags that lead `docker` to the machine's engine, one a line. */
export function showConfig(record: MachineRecord): void {
  const { IPAddress: address } = record.Driver;
  if (!isAnswering(record)) {
    throw new Failure(
      `Error running connection boilerplate: Error checking and/or regenerating the certs: There was an error validating certificates for host "${address}:${enginePort}": dial tcp ${address}:${enginePort}: i/o timeout
You can attempt to regenerate them using 'docker-machine regenerate-certs [name]'.
Be advised that this will trigger a Docker daemon restart which might stop running containers.
`,
    );
  }
  const { CaCertPath, ClientCertPath, ClientKeyPath } = record.HostOptions.AuthOptions;
  print("stdout", "--tlsverify");
  print("stdout", `--tlscacert=${JSON.stringify(CaCertPath)}`);
  print("stdout", `--tlscert=${JSON.stringify(ClientCertPath)}`);
  print("stdout", `--tlskey=${JSON.stringify(ClientKeyPath)}`);
  print("stdout", `-H=${engineUrl(record)}`);
}

export function inspectMachine(record: MachineRecord, format: string): void {
  if (format === "") {
    print("stdout", JSON.stringify(record, null, 4));
    return;
  }
  try {
    print("stdout", renderTemplate(format, record, { missingField: "no value" }));
  } catch (error) {
    if (error instanceof TemplateError) throw new Failure(`template parsing error: ${error.message}`);
    throw error;
  }
}

export function showStatus(record: MachineRecord): void {
  print("stdout", stateOf(record));
}

/** @throws Failure in the cloud's words when it does not know the machine's VM */
export function stateOf(record: MachineRecord): string {
  try {
    getVm(openCloud(), record.Driver.VMId, readOrders(record.Driver).accessToken);
    return "Running";
  } catch (error) {
    if (error instanceof CloudError) throw new Failure(error.message);
    throw error;
  }
}

export function isAnswering(record: MachineRecord): boolean {
  try {
    return stateOf(record) === "Running";
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

export function showEngineVersion(record: MachineRecord): void {
  if (!isAnswering(record)) {
    throw new Failure("Unable to query docker version: Cannot connect to the docker engine endpoint");
  }
  print("stdout", engineVersion);
}
