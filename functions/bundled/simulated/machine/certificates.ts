// The files that docker-machine would fill with keys and certificates. Ours hold text that says what it is not.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CertificatePair,
  keepMachineCertificates,
  makeSharedCertificates as makeShared,
} from "../../machine/certificates.ts";
import { machineDirectory } from "../../machine/storage.ts";

export function makeSharedCertificates(storePath: string): void {
  makeShared(storePath, {
    authority: () => fakePair("certificate authority", "key of the certificate authority"),
    client: () => fakePair("client certificate", "client key"),
  });
}

export function makeSshKey(storePath: string, name: string): void {
  const file = join(machineDirectory(storePath, name), "id_rsa");
  writeFileSync(file, fake("SSH key"), { mode: 0o600 });
  writeFileSync(`${file}.pub`, fake("public SSH key"), { mode: 0o644 });
}

export function makeMachineCertificates(storePath: string, name: string): void {
  keepMachineCertificates(storePath, name, fakePair("server certificate", "server key"));
}

const fakePair = (certificate: string, key: string): CertificatePair => ({
  certificate: fake(certificate),
  key: fake(key),
});

const fake = (what: string): string => `simulated ${what}: opens nothing\n${randomBytes(16).toString("hex")}\n`;
