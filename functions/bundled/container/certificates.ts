// The certificates of a machine: made here, kept as docker-machine keeps them, and put into the machine's container.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packTar, type TarEntry } from "modern-tar";
import { makeAuthority, makeClient, makeServer } from "../certificates/certificate.ts";
import { type CertificatePair, keepMachineCertificates, makeSharedCertificates } from "../machine/certificates.ts";
import type { MachineRecord } from "../machine/record.ts";
import type { OuterEngine } from "./outer-engine.ts";

/** In the container; start-dockerd.sh knows it too. */
export const certificateDirectory = "/etc/machine-relay";

const organization = "machine-relay";

export function makeAuthorityAndClient(storePath: string, name: string): void {
  makeSharedCertificates(storePath, {
    authority: () => makeAuthority({ organization, commonName: `authority of ${name}` }),
    client: () => makeClient(readAuthority(storePath), { organization, commonName: `client of ${name}` }),
  });
}

function readAuthority(storePath: string): CertificatePair {
  const read = (file: string) => readFileSync(join(storePath, "certs", file), "utf8");
  return { certificate: read("ca.pem"), key: read("ca-key.pem") };
}

/** For the address that the record has. */
export function makeServerCertificate(record: MachineRecord): CertificatePair {
  const { Name: name, Driver: driver, HostOptions: options } = record;
  const others = options.AuthOptions.ServerCertSANs;
  const names = [
    driver.IPAddress,
    "localhost",
    "127.0.0.1",
    name,
    ...(Array.isArray(others) ? others.map(String) : []),
  ];
  const server = makeServer(readAuthority(driver.StorePath), { organization, commonName: name }, names);
  keepMachineCertificates(driver.StorePath, name, server);
  return server;
}

/** From then on dockerd may start. @throws Failure */
export async function installCertificates(
  engine: OuterEngine,
  record: MachineRecord,
  containerId: string,
  { certificate, key }: CertificatePair,
): Promise<void> {
  const { certificate: authority } = readAuthority(record.Driver.StorePath);
  await copyInto(engine, containerId, [
    ["ca.pem", authority],
    ["server.pem", certificate],
    ["server-key.pem", key],
    // The last of them: who sees it finds the others whole.
    ["ready", "yes\n"],
  ]);
}

/** From then on dockerd waits, when it is started again. @throws Failure */
export async function withdrawCertificates(engine: OuterEngine, containerId: string): Promise<void> {
  await copyInto(engine, containerId, [["ready", ""]]);
}

async function copyInto(engine: OuterEngine, containerId: string, files: readonly [string, string][]): Promise<void> {
  const directory = certificateDirectory.slice(1);
  const entries: TarEntry[] = [
    { header: { name: `${directory}/`, size: 0, mode: 0o700, type: "directory", uid: 0, gid: 0 } },
    ...files.map(([name, text]): TarEntry => {
      const body = Buffer.from(text);
      const header = {
        name: `${directory}/${name}`,
        size: body.length,
        mode: 0o600,
        type: "file",
        uid: 0,
        gid: 0,
      } as const;
      return { header, body };
    }),
  ];
  await engine.get(["cp", "-", `${containerId}:/`], { input: Buffer.from(await packTar(entries)) });
}
