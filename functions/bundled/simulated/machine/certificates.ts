// The files that docker-machine would fill with keys and certificates. Ours hold text that says what it is not.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getSystemErrorMessage } from "node:util";
import { makeDirectory } from "../directories.ts";
import { Failure, print } from "../program.ts";
import { machineDirectory } from "./storage.ts";

/** Those that all machines of a storage directory share. Made once, and said once. */
export function makeSharedCertificates(storePath: string): void {
  const directory = join(storePath, "certs");
  try {
    makeDirectory(directory);
  } catch (error) {
    const reason = getSystemErrorMessage((error as NodeJS.ErrnoException).errno!);
    throw new Failure(
      `Error generating certificates: creating machine certificate dir failed: mkdir ${storePath}: ${reason}`,
    );
  }
  const authority = join(directory, "ca.pem");
  if (!existsSync(authority)) {
    print("stdout", `Creating CA: ${authority}`);
    writeFake(authority, "certificate authority", 0o644);
    writeFake(join(directory, "ca-key.pem"), "key of the certificate authority", 0o600);
  }
  const client = join(directory, "cert.pem");
  if (!existsSync(client)) {
    print("stdout", `Creating client certificate: ${client}`);
    writeFake(client, "client certificate", 0o644);
    writeFake(join(directory, "key.pem"), "client key", 0o600);
  }
}

export function makeSshKey(storePath: string, name: string): void {
  const file = join(machineDirectory(storePath, name), "id_rsa");
  writeFake(file, "SSH key", 0o600);
  writeFake(`${file}.pub`, "public SSH key", 0o644);
}

export function makeMachineCertificates(storePath: string, name: string): void {
  const directory = machineDirectory(storePath, name);
  writeFake(join(directory, "ca.pem"), "certificate authority", 0o644);
  writeFake(join(directory, "cert.pem"), "client certificate", 0o644);
  writeFake(join(directory, "key.pem"), "client key", 0o600);
  writeFake(join(directory, "server.pem"), "server certificate", 0o644);
  writeFake(join(directory, "server-key.pem"), "server key", 0o600);
}

function writeFake(file: string, what: string, mode: number): void {
  writeFileSync(file, `simulated ${what}: opens nothing\n${randomBytes(16).toString("hex")}\n`, { mode });
}
