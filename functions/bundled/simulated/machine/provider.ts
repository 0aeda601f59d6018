// What the driver asks of the cloud, and how the cloud refuses.
import type { MachineRecord } from "../../machine/record.ts";
import { Failure } from "../../program.ts";
import { type Cloud, CloudError, findVm, removeVm as removeFromCloud, type VirtualMachine, writeVm } from "../cloud.ts";
import { type RemovalWay, type RemoveMode, wrongAccessToken } from "../orders.ts";

export const vmsUrl = "https://simulated.invalid/v2/vms";

/** @throws CloudError when the token is the one that the cloud refuses */
export function authenticate(accessToken: string, request = "GET https://simulated.invalid/v2/account"): void {
  if (accessToken === wrongAccessToken) throw new CloudError(`${request}: 401 Unable to authenticate you.`);
}

/** @throws CloudError when it is not there, or the cloud refuses */
export function getVm(cloud: Cloud, id: string, accessToken: string): VirtualMachine {
  const request = `GET ${vmsUrl}/${id}`;
  authenticate(accessToken, request);
  const vm = findVm(cloud, id);
  if (vm === null) throw new CloudError(`${request}: 404 The resource you were accessing could not be found.`);
  return vm;
}

/**
 * Gone already is fine, except where it was ordered to be an error.
 * @throws CloudError
 */
export function removeVm(cloud: Cloud, id: string, accessToken: string, way: RemovalWay, mode: RemoveMode): void {
  const request = `DELETE ${vmsUrl}/${id}`;
  authenticate(accessToken, request);
  const vm = findVm(cloud, id);
  const refusal = new CloudError(`${request}: 500 Server was unable to give you a response.`);
  if (mode === "fail") throw refusal;
  if (mode === "lie") return;
  if (vm === null) {
    if (mode !== "gone-is-error") return;
    throw new CloudError(`${request}: 404 The resource you were accessing could not be found.`);
  }
  // Each way once, so that a whole attempt fails that tries one after the other.
  if (mode === "fail-once" && !vm.refused.includes(way)) {
    writeVm(cloud, { ...vm, refused: [...vm.refused, way] });
    throw refusal;
  }
  removeFromCloud(cloud, vm);
}

/** Empty until the cloud's answer was heard. */
export function vmIdOf({ Driver: { VMId } }: MachineRecord): string {
  return typeof VMId === "string" ? VMId : "";
}

/** @throws Failure with what the cloud answered */
export function askCloud<Answer>(question: () => Answer): Answer {
  try {
    return question();
  } catch (error) {
    if (error instanceof CloudError) throw new Failure(error.message);
    throw error;
  }
}
