// What docker-machine has not: what does the cloud have that carries a machine's mark, and away with one VM of it.
import { CloudError, findVm, listVms, openCloud } from "../cloud.ts";
import { Failure, print } from "../program.ts";
import { authenticate, removeVm, vmsUrl } from "./provider.ts";
import { readOrders } from "./read-orders.ts";
import { loadRecord } from "./storage.ts";

/** One line of JSON for each VM: {"id","name","machineName"}. No line: the cloud has none. */
export function takeCensus(machineName: string, storePath: string): void {
  askCloud(() => {
    authenticate(accessTokenFor(machineName, storePath), `GET ${vmsUrl}`);
    for (const vm of listVms(openCloud())) {
      if (vm.machineName !== machineName) continue;
      print("stdout", JSON.stringify({ id: vm.id, name: vm.name, machineName: vm.machineName }));
    }
  });
}

/**
 * Gone already is fine. What the VM was made with decides whether the provider refuses; a lie is told to whoever
 * removes the machine, not to whoever looks and acts on what is there.
 */
export function destroyVm(id: string, storePath: string): void {
  askCloud(() => {
    const cloud = openCloud();
    const vm = findVm(cloud, id);
    const mode = vm?.remove === "fail" || vm?.remove === "fail-once" ? vm.remove : "ok";
    removeVm(cloud, id, accessTokenFor(vm?.machineName ?? "", storePath), "destroy", mode);
  });
}

/** As the machine's record has it; where there is none, as the environment has it. */
function accessTokenFor(machineName: string, storePath: string): string {
  try {
    return readOrders(loadRecord(storePath, machineName).Driver).accessToken;
  } catch (error) {
    if (error instanceof Failure) return process.env.SIMULATED_ACCESS_TOKEN ?? "";
    throw error;
  }
}

function askCloud(question: () => void): void {
  try {
    question();
  } catch (error) {
    if (error instanceof CloudError) throw new Failure(error.message);
    throw error;
  }
}
