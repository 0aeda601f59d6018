// Is the machine's VM there, and does its engine answer? Both are the same here.
import type { MachineRecord } from "../../machine/record.ts";
import { Failure } from "../../program.ts";
import { openCloud } from "../cloud.ts";
import { enginePort, engineVersion } from "../orders.ts";
import { askCloud, getVm, vmIdOf } from "./provider.ts";
import { readOrders } from "./read-orders.ts";

/** @throws Failure in the cloud's words when it does not know the machine's VM */
export function stateOf(record: MachineRecord): string {
  askCloud(() => getVm(openCloud(), vmIdOf(record), readOrders(record.Driver).accessToken));
  return "Running";
}

/** @throws Failure */
export function engineVersionOf(record: MachineRecord): string {
  try {
    stateOf(record);
    return engineVersion;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`dial tcp ${record.Driver.IPAddress}:${enginePort}: i/o timeout`);
  }
}
