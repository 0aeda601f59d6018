// The driver `container`. What a command needs is loaded when it is called: every invocation of the functions waits for
// this program to start.
import type { BundledDriver } from "../machine/driver.ts";
import { commands } from "./commands.ts";
import { driverFlags, driverName, placeFlags } from "./create-flags.ts";
import { urlOf } from "./record.ts";

export const containerDriver: BundledDriver = {
  name: driverName,
  version: "docker-machine version 0.1.0, build container",
  description: "machines that are containers of a Docker engine, each with a Docker engine of its own",
  flags: driverFlags,
  placeFlags,
  commands,
  createMachine: async (name, storePath, line) => (await import("./create.ts")).createMachine(name, storePath, line),
  provisionMachine: async (record) => (await import("./provision.ts")).provisionMachine(record),
  removeRemote: async (record) => (await import("./remove.ts")).removeRemote(record),
  takeCensus: async (machineName, storePath, line) =>
    (await import("./remove.ts")).takeCensus(machineName, storePath, line),
  destroy: async (id, storePath, line) => (await import("./remove.ts")).destroy(id, storePath, line),
  stateOf: async (record) => (await import("./state.ts")).stateOf(record),
  urlOf,
  engineVersionOf: async (record) => (await import("./inner-engine.ts")).engineVersionOf(record),
};
