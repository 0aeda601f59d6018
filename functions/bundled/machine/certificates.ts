// Where docker-machine keeps keys and certificates. What is in them is the driver's.
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getSystemErrorMessage } from "node:util";
import { makeDirectory } from "../directories.ts";
import { Failure, print } from "../program.ts";
import { machineDirectory } from "./storage.ts";

/** Two PEM texts that belong together. */
export interface CertificatePair {
  certificate: string;
  key: string;
}

/** Those that all machines of a storage directory share. Made once, and said once. */
export function makeSharedCertificates(
  storePath: string,
  make: { authority(): CertificatePair; client(): CertificatePair },
): void {
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
    writePair(directory, ["ca.pem", "ca-key.pem"], make.authority());
  }
  const client = join(directory, "cert.pem");
  if (!existsSync(client)) {
    print("stdout", `Creating client certificate: ${client}`);
    writePair(directory, ["cert.pem", "key.pem"], make.client());
  }
}

/** The machine's own, and beside it the shared ones that open it. */
export function keepMachineCertificates(storePath: string, name: string, server: CertificatePair): void {
  const directory = machineDirectory(storePath, name);
  for (const file of ["ca.pem", "cert.pem", "key.pem"]) {
    copyFileSync(join(storePath, "certs", file), join(directory, file));
  }
  writePair(directory, ["server.pem", "server-key.pem"], server);
}

function writePair(
  directory: string,
  [certificateFile, keyFile]: [string, string],
  { certificate, key }: CertificatePair,
): void {
  // The key first: whoever finds the certificate takes both for made.
  writeFileSync(join(directory, keyFile), key, { mode: 0o600 });
  writeFileSync(join(directory, certificateFile), certificate, { mode: 0o644 });
}
