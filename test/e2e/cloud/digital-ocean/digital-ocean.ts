// A DigitalOcean of ours: an API behind a proxy, that can fail, and a host container for each active droplet.
import { join } from "node:path";
import { Changes } from "../changes.ts";
import { Faults } from "../faults.ts";
import { Hypervisor } from "../hypervisor.ts";
import { Journal } from "../journal.ts";
import { cloudSubnet } from "../network.ts";
import { buildProvider, type Provider } from "../provider.ts";
import { Account, type AccountKey, type Droplet } from "./account.ts";
import { buildApi } from "./api.ts";
import { makeCertificate, writeBundle } from "./certificate.ts";
import { type DigitalOceanFault, digitalOceanFaults } from "./errors.ts";
import { startProxy } from "./proxy.ts";

export interface DigitalOceanNow {
  droplets: Droplet[];
  keys: AccountKey[];
  tags: string[];
}

export interface DigitalOcean extends Provider<DigitalOceanNow, DigitalOceanFault>, AsyncDisposable {
  /** What a program must be given to reach it: it speaks to no other address. */
  environment: Record<string, string>;
  /** Of the proxy. */
  url: string;
}

export const accessToken = "dop_v1_only-for-the-cloud-of-the-end-to-end-tests";

/**
 * @param address to listen at
 * @param directory for the certificate
 */
export async function startDigitalOcean(address: string, directory: string): Promise<DigitalOcean> {
  await using undo = new AsyncDisposableStack();
  const changes = new Changes();
  const faults = new Faults();
  const journal = new Journal(changes);
  const account = new Account();
  const credentials = new Set([accessToken]);
  const hypervisor = new Hypervisor("droplet", changes);
  undo.defer(() => hypervisor.close());

  function synchronize(): void {
    hypervisor.keep([...account.droplets.values()].map((droplet) => virtualMachine(account, droplet)));
    changes.tell();
  }

  const certificate = await makeCertificate();
  const bundle = join(directory, "ca-certificates.crt");
  await writeBundle(bundle, certificate);
  const { app, server } = await buildApi({
    ...{ certificate, credentials, account, faults, journal },
    onChange: synchronize,
    onRestart: (id) => hypervisor.restart(String(id)),
  });
  undo.defer(() => app.close());
  const proxy = undo.use(await startProxy(address, server));
  undo.defer(() => faults.stop());

  const now = async (): Promise<DigitalOceanNow> => ({
    droplets: [...account.droplets.values()],
    keys: [...account.keys.values()],
    tags: [...account.tags],
  });
  const everything = undo.move();
  return {
    driver: "digitalocean",
    url: proxy.url,
    environment: {
      HTTPS_PROXY: proxy.url,
      // The hosts are reached without it, and so is all that is on this machine.
      NO_PROXY: ["localhost", "127.0.0.0/8", cloudSubnet, "10.231.0.0/16"].join(","),
      SSL_CERT_FILE: bundle,
    },
    driverConfig: (changed = {}) => ({
      ...{ accessToken, region: "nyc3", size: "s-1vcpu-1gb", image: "ubuntu-22-04-x64" },
      ...changed,
    }),
    credentials,
    ...buildProvider({ changes, faults, table: digitalOceanFaults, journal, hypervisor, now }),
    async lose(id) {
      account.droplets.delete(Number(id));
      synchronize();
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function virtualMachine(account: Account, { id, name, ipAddress, status, keyIds, hostFault }: Droplet) {
  return {
    ...{ id: String(id), name, ipAddress, isRunning: status !== "off", fault: hostFault },
    publicKeys: keyIds.flatMap((keyId) => account.keys.get(keyId)?.publicKey ?? []),
  };
}
