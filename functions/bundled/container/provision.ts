// Makes a machine's certificates anew for the address that it has now, and starts its engine with them.
import type { MachineRecord } from "../machine/record.ts";
import { saveRecord } from "../machine/storage.ts";
import { print } from "../program.ts";
import { installCertificates, makeServerCertificate, withdrawCertificates } from "./certificates.ts";
import { readOptions } from "./options.ts";
import { openEngineOf } from "./outer-engine.ts";
import { knownFieldsOf } from "./record.ts";
import { addressOf, waitUntilUp } from "./set-up.ts";

/** What runs on it is stopped; what has a restart policy comes back. @throws Failure */
export async function provisionMachine(record: MachineRecord): Promise<void> {
  const engine = await openEngineOf(record);
  const { ContainerId: id } = knownFieldsOf(record);
  // So that it waits: its address may be another one after the restart.
  await withdrawCertificates(engine, id);
  await engine.get(["restart", id]);
  await addressOf(engine, record);
  print("stdout", "Copying certs to the local machine directory...");
  const server = makeServerCertificate(record);
  print("stdout", "Copying certs to the remote machine...");
  await installCertificates(engine, record, id, server);
  print("stdout", "Setting Docker configuration on the remote daemon...");
  await waitUntilUp(engine, record, readOptions(record.Driver));
  saveRecord(record);
}
