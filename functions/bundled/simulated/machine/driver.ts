// The driver `simulated`. What a command needs is loaded when it is called: every invocation of the functions waits for
// this program to start.
import type { BundledDriver } from "../../machine/driver.ts";
import { enginePort } from "../orders.ts";
import { driverFlags, driverName } from "./create-flags.ts";

export const simulatedDriver: BundledDriver = {
  name: driverName,
  version: "docker-machine version 0.1.0, build simulated",
  description: "machines that are not real: files in the directory named by SIMULATED_CLOUD_DIR",
  flags: driverFlags,
  placeFlags: [],
  commands: {},
  createMachine: async (name, storePath, line) => (await import("./create.ts")).createMachine(name, storePath, line),
  provisionMachine: async (record) => (await import("./create.ts")).provisionMachine(record),
  removeRemote: async (record) => (await import("./remove.ts")).removeRemote(record),
  takeCensus: async (machineName, storePath) => (await import("./census.ts")).takeCensus(machineName, storePath),
  destroy: async (id, storePath) => (await import("./census.ts")).destroyVm(id, storePath),
  stateOf: async (record) => (await import("./state.ts")).stateOf(record),
  urlOf: ({ Driver: { IPAddress } }) => `tcp://${IPAddress}:${enginePort}`,
  engineVersionOf: async (record) => (await import("./state.ts")).engineVersionOf(record),
};
