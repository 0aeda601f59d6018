// The real docker-machine and its fork, where they are here.
import { test } from "vitest";
import { findProgram } from "./engine.ts";

const given = process.env.DOCKER_MACHINE;

/** Their paths. */
export const machinePrograms: readonly string[] = given
  ? [given]
  : ["docker-machine", "rancher-machine"].map(findProgram).filter((path) => path !== null);

/** Says loudly what is not proven without them. */
export function tellIfNoProgram(what: string): void {
  if (machinePrograms.length > 0) return;
  console.error(`\n!!! NOT RUN: ${what}, because neither docker-machine nor rancher-machine is on PATH.\n`);
  test.skip(`${what} (neither docker-machine nor rancher-machine is on PATH)`, () => {});
}
