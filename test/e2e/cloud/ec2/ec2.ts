// An EC2 of ours: moto, a front that can fail, and a host container for each running instance.
import { Changes } from "../changes.ts";
import { Faults, type MetFault } from "../faults.ts";
import { type HostFault, Hypervisor } from "../hypervisor.ts";
import { Journal } from "../journal.ts";
import { buildProvider, type Provider } from "../provider.ts";
import { Account, accessKey, type Ec2Now, image, region, secretKey, zone } from "./account.ts";
import { type Ec2Fault, ec2Faults } from "./errors.ts";
import { startFront } from "./front.ts";
import { startMoto } from "./moto.ts";

export interface Ec2 extends Provider<Ec2Now, Ec2Fault>, AsyncDisposable {
  endpoint: string;
}

/** @param address to listen at */
export async function startEc2(address: string): Promise<Ec2> {
  await using undo = new AsyncDisposableStack();
  const changes = new Changes();
  const faults = new Faults();
  const journal = new Journal(changes);
  const moto = undo.use(await startMoto());
  const account = new Account(moto.url);
  const vpcId = await account.defaultVpcId();
  const hypervisor = new Hypervisor("ec2", changes);
  undo.defer(() => hypervisor.close());
  const hostFaults = new Map<string, HostFault>();
  const credentials = new Set([accessKey]);

  // One after the other, so that an older list never comes after a newer one.
  let synchronized = Promise.resolve();
  function synchronize(): Promise<void> {
    const next = synchronized.then(async () => {
      hypervisor.keep(virtualMachines(await account.now(), hostFaults));
      changes.tell();
    });
    synchronized = next.catch(() => {});
    return next;
  }

  async function onDone(answer: string, fault: MetFault | null): Promise<void> {
    if (fault?.behaviour.kind === "host")
      for (const [, id] of answer.matchAll(/<instanceId>(i-\w+)</g)) {
        hostFaults.set(id!, fault.behaviour.fault);
        if (fault.behaviour.fault === "dies") await account.terminate(id!);
      }
    await synchronize();
  }

  const front = undo.use(
    await startFront({ address, motoUrl: moto.url, defaultVpcId: vpcId, credentials, faults, journal, onDone }),
  );
  // Held calls go on, so that nothing waits for ever.
  undo.defer(() => faults.stop());
  const everything = undo.move();
  return {
    driver: "amazonec2",
    endpoint: front.url,
    driverConfig: (changed = {}) => ({
      ...{ accessKey, secretKey, region, zone, vpcId, ami: image, sshUser: "root" },
      ...{ endpoint: front.url, insecureTransport: true, privateAddressOnly: true },
      ...changed,
    }),
    credentials,
    ...buildProvider({ changes, faults, table: ec2Faults, journal, hypervisor, now: () => account.now() }),
    async lose(id) {
      await account.terminate(id);
      await synchronize();
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function virtualMachines({ instances, keyPairs }: Ec2Now, hostFaults: ReadonlyMap<string, HostFault>) {
  const keys = new Map(keyPairs.map(({ name, publicKey }) => [name, publicKey]));
  return instances
    .filter(({ state }) => state !== "terminated" && state !== "shutting-down")
    .map(({ id, ipAddress, state, keyName }) => ({
      ...{ id, ipAddress, name: `ip-${ipAddress.replaceAll(".", "-")}` },
      isRunning: state === "running" || state === "pending",
      publicKeys: [keys.get(keyName) ?? ""],
      fault: hostFaults.get(id) ?? null,
    }));
}
