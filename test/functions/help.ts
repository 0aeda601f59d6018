// What the real programs print when they are asked for a driver's options.
import { readFileSync } from "node:fs";

export const helpOf = (program: "docker-machine" | "rancher-machine", driver: string): string =>
  readFileSync(new URL(`../fixtures/help/${program}/${driver}.txt`, import.meta.url), "utf8");
