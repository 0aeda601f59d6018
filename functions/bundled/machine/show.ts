// What is known of one machine: config, inspect, version, which is active.
import { Failure, print } from "../program.ts";
import { renderTemplate, TemplateError } from "../template.ts";
import type { BundledDriver } from "./driver.ts";
import type { MachineRecord } from "./record.ts";
import { listMachines, loadRecord } from "./storage.ts";

/** The flags that lead `docker` to the machine's engine, one a line. */
export async function showConfig(driver: BundledDriver, record: MachineRecord): Promise<void> {
  const url = driver.urlOf(record);
  await checkConnection(driver, record, url);
  const { CaCertPath, ClientCertPath, ClientKeyPath } = record.HostOptions.AuthOptions;
  print("stdout", "--tlsverify");
  print("stdout", `--tlscacert=${JSON.stringify(CaCertPath)}`);
  print("stdout", `--tlscert=${JSON.stringify(ClientCertPath)}`);
  print("stdout", `--tlskey=${JSON.stringify(ClientKeyPath)}`);
  print("stdout", `-H=${url}`);
}

async function checkConnection(driver: BundledDriver, record: MachineRecord, url: string): Promise<void> {
  try {
    await driver.engineVersionOf(record);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const host = url.replace("tcp://", "");
    throw new Failure(
      `Error running connection boilerplate: Error checking and/or regenerating the certs: There was an error validating certificates for host "${host}": ${error.message}
You can attempt to regenerate them using 'docker-machine regenerate-certs [name]'.
Be advised that this will trigger a Docker daemon restart which might stop running containers.
`,
    );
  }
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

export async function showEngineVersion(driver: BundledDriver, record: MachineRecord): Promise<void> {
  const version = await driver.engineVersionOf(record).catch((error) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("Unable to query docker version: Cannot connect to the docker engine endpoint");
  });
  print("stdout", version);
}

/** The one that DOCKER_HOST leads to. */
export function showActive(driver: BundledDriver, storePath: string, dockerHost: string | undefined): void {
  const active = listMachines(storePath).find(
    (name) => driver.urlOf(loadRecord(storePath, name, driver.name)) === dockerHost,
  );
  if (active === undefined) throw new Failure("No active host found");
  print("stdout", active);
}
