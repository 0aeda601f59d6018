// The driver's commands that docker-machine has not.
import type { Command } from "../machine/command.ts";
import { loadRecord } from "../machine/storage.ts";
import { Failure } from "../program.ts";
import { driverName, placeFlags } from "./create-flags.ts";

export const commands: Readonly<Record<string, Command>> = {
  check: {
    usage: "Is there an engine that can run machines? Says why not, and exits with 1",
    flags: placeFlags,
    usageErrorExitCode: 1,
    run: async ({ texts }) => {
      await (await import("./outer-engine.ts")).openEngine(texts["container-docker-host"]!);
    },
  },
  "lend-image": {
    usage: "Copy an image of the engine that runs the machine to the machine's own engine",
    description: "Arguments are a machine name and an image.",
    flags: [],
    usageErrorExitCode: 1,
    run: async ({ rest }, storePath) => {
      const [name = "", image = "", ...others] = rest;
      if (name === "" || image === "" || others.length > 0) {
        throw new Failure("Error: Expected one machine name and one image as arguments");
      }
      await (await import("./lend-image.ts")).lendImage(loadRecord(storePath, name, driverName), image);
    },
  },
};
