// Removes a machine's VM, as docker-machine's drivers do: what its record says, and no more.
import type { MachineRecord } from "../../machine/record.ts";
import { print } from "../../program.ts";
import { openCloud } from "../cloud.ts";
import { askCloud, removeVm, vmIdOf } from "./provider.ts";
import { readOrders } from "./read-orders.ts";

/** @throws Failure in the cloud's words */
export function removeRemote(record: MachineRecord): void {
  const orders = readOrders(record.Driver);
  askCloud(() => {
    const cloud = openCloud();
    const id = vmIdOf(record);
    if (id !== "") return removeVm(cloud, id, orders.accessToken, "rm", orders.remove);
    // As on amazonec2: that nothing is known is no error there, and it is no proof that nothing is.
    print("stdout", `(${record.Name}) Missing VM id, this is likely due to a failure during machine creation`);
  });
}
