// Makes a machine, in docker-machine's own order: record, VM, record with the id, set-up.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CommandLine } from "../../machine/flags.ts";
import { type MachineRecord, newRecord } from "../../machine/record.ts";
import { saveRecord } from "../../machine/storage.ts";
import { Failure, print } from "../../program.ts";
import { type Cloud, CloudError, openCloud, planVm, type VirtualMachine, vmFile, writeVm } from "../cloud.ts";
import type { Orders } from "../orders.ts";
import { makeMachineCertificates, makeSharedCertificates, makeSshKey } from "./certificates.ts";
import { driverName } from "./create-flags.ts";
import { enterStage, startNoise } from "./perform-stage.ts";
import { authenticate, vmsUrl } from "./provider.ts";
import { orderValues, readOrders } from "./read-orders.ts";

const lateVmProgram = fileURLToPath(new URL("../late-vm.ts", import.meta.url));
const lookForVmEveryMs = 10;

/** @throws Failure in docker-machine's words */
export async function createMachine(name: string, storePath: string, line: CommandLine): Promise<void> {
  const record = newRecord(driverName, name, storePath, line, { VMId: "", ...orderValues(line) });
  const orders = checkOrders(record);
  const stopNoise = startNoise(name, orders.linesPerSecond);
  try {
    makeSharedCertificates(storePath);
    await enterStage("certificates", name, orders);
    const cloud = await checkBefore(name, orders);
    saveRecord(record);
    await makeVm(cloud, record, orders);
    saveRecord(record);
    await setUp(record, orders);
    saveRecord(record);
  } finally {
    stopNoise();
  }
}

function checkOrders(record: MachineRecord): Orders {
  try {
    return readOrders(record.Driver);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`Error setting machine configuration from flags provided: ${error.message}`);
  }
}

async function checkBefore(name: string, orders: Orders): Promise<Cloud> {
  await enterStage("pre-create", name, orders);
  try {
    authenticate(orders.accessToken);
    return openCloud();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    // docker-machine's exit code for what it finds before it begins.
    throw new Failure(`Error with pre-create check: ${JSON.stringify(error.message)}`, 3);
  }
}

/** Afterwards the record knows id and address. Until then only the cloud knows the VM. */
async function makeVm(cloud: Cloud, record: MachineRecord, orders: Orders): Promise<void> {
  const { Name: name } = record;
  await enterStage("creating", name, orders, () => makeSshKey(record.Driver.StorePath, name));
  const vm = planVm(cloud, {
    name,
    machineName: name,
    region: orders.region,
    size: orders.size,
    bootstrap: orders.bootstrap,
    agent: orders.agent,
    remove: orders.remove,
  });
  if (orders.lateVmMs > 0) makeVmLater(cloud, vm, orders.lateVmMs);
  else writeVm(cloud, vm);
  await enterStage("starting", name, orders);
  if (orders.loseAnswer) {
    throw new Failure(`Error creating machine: Error in driver during machine creation: Post "${vmsUrl}": EOF`);
  }
  while (!existsSync(vmFile(cloud, vm.id))) await wait(lookForVmEveryMs);
  print("stdout", `(${name}) Created VM ${vm.id}, address ${vm.address}`);
  record.Driver.VMId = vm.id;
  record.Driver.IPAddress = vm.address;
}

/** A call that is on its way to the cloud arrives, whatever becomes of the caller: a process of its own makes the VM. */
function makeVmLater(cloud: Cloud, vm: VirtualMachine, lateMs: number): void {
  spawn(process.execPath, [lateVmProgram, cloud.directory, String(lateMs), JSON.stringify(vm)], {
    cwd: "/",
    env: {},
    stdio: "ignore",
    detached: true,
  }).unref();
}

async function setUp(record: MachineRecord, orders: Orders): Promise<void> {
  const { Name: name } = record;
  for (const stage of ["running", "detecting", "ssh", "provisioner", "provisioning"] as const) {
    await enterStage(stage, name, orders);
  }
  await copyCertificates(record, orders);
  await enterStage("checking", name, orders);
  print("stdout", "Docker is up and running!");
}

/** What `provision` does again on a machine that runs. */
export async function provisionMachine(record: MachineRecord): Promise<void> {
  const orders = readOrders(record.Driver);
  await enterStage("ssh", record.Name, orders);
  await enterStage("provisioner", record.Name, orders);
  await copyCertificates(record, orders);
}

async function copyCertificates(record: MachineRecord, orders: Orders): Promise<void> {
  const { Name: name, Driver: driver } = record;
  await enterStage("local-certificates", name, orders, () => makeMachineCertificates(driver.StorePath, name));
  await enterStage("remote-certificates", name, orders);
  await enterStage("configuring", name, orders);
}
