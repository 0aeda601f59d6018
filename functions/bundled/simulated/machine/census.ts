// What docker-machine has not: what does the cloud have that carries a machine's mark, and away with one VM of it.
import { CloudError, findVm, listVms, openCloud } from "../cloud.ts";
import { Failure, print } from "../program.ts";
import { authenticate, removeVm, vmsUrl } from "./provider.ts";

const accessToken = () => process.env.SIMULATED_ACCESS_TOKEN ?? "";

/** One line of JSON for each VM: {"id","name","machineName"}. No line: the cloud has none. */
export function takeCensus(machineName: string): void {
  askCloud(() => {
    authenticate(accessToken(), `GET ${vmsUrl}`);
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
export function destroyVm(id: string): void {
  askCloud(() => {
    const cloud = openCloud();
    const order = findVm(cloud, id)?.remove;
    removeVm(cloud, id, accessToken(), order === "fail" || order === "fail-once" ? order : "ok");
  });
}

function askCloud(question: () => void): void {
  try {
    question();
  } catch (error) {
    if (error instanceof CloudError) throw new Failure(error.message);
    throw error;
  }
}
