// What docker-machine has not: what does the cloud have that carries a machine's mark, and away with one VM of it.
import type { FoundMachine } from "../../machine/driver.ts";
import { loadRecord } from "../../machine/storage.ts";
import { Failure } from "../../program.ts";
import { findVm, listVms, openCloud } from "../cloud.ts";
import { driverName } from "./create-flags.ts";
import { askCloud, authenticate, removeVm, vmsUrl } from "./provider.ts";
import { readOrders } from "./read-orders.ts";

export function takeCensus(machineName: string, storePath: string): FoundMachine[] {
  return askCloud(() => {
    authenticate(accessTokenFor(machineName, storePath), `GET ${vmsUrl}`);
    return listVms(openCloud()).filter((vm) => vm.machineName === machineName);
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
    return readOrders(loadRecord(storePath, machineName, driverName).Driver).accessToken;
  } catch (error) {
    if (error instanceof Failure) return process.env.SIMULATED_ACCESS_TOKEN ?? "";
    throw error;
  }
}
