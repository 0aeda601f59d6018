// Makes one VM a while later: a call to the cloud that is in flight, and that nobody can call back.
// Arguments: the cloud's directory, milliseconds, the VM as JSON.
import { setTimeout as wait } from "node:timers/promises";
import { openCloud, type VirtualMachine, writeVm } from "./cloud.ts";

const [directory, lateMs, vm] = process.argv.slice(2);
await wait(Number(lateMs));
writeVm(openCloud({ SIMULATED_CLOUD_DIR: directory }), JSON.parse(vm!) as VirtualMachine);
