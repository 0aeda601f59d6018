import { expect, test } from "vitest";
import type { Driver } from "../../../../functions/contract.ts";
import { groupUnavailable, readDrivers } from "../../../../relay/ui/about/programs.ts";

const docker = { name: "docker-machine", version: "0.16.2", path: "/usr/bin/docker-machine" };
const own = { name: "simulated", version: "0.1.0", path: "/app/simulated" };
const driver = (name: string, program: Driver["program"], unavailable: string | null = null): Driver => ({
  ...{ name, program, unavailable },
  isSimulated: program === own,
});

test("drivers stand below the program that serves them, both by name", () => {
  const { programs } = readDrivers([
    driver("simulated", own),
    driver("google", { ...docker }),
    driver("azure", { ...docker }),
  ]);
  expect(programs.map(({ program, drivers }) => [program.name, drivers.map(({ name }) => name)])).toEqual([
    ["docker-machine", ["azure", "google"]],
    ["simulated", ["simulated"]],
  ]);
});

test("a driver whose program is there and lacks what it needs is not among those that work", () => {
  const { unavailable, programs } = readDrivers([driver("container", { ...docker }, "no engine answers")]);
  expect(programs).toEqual([]);
  expect(unavailable).toEqual([{ name: "container", why: "no engine answers" }]);
});

test("drivers that are missing for the same reason are told of once", () => {
  const { unavailable, programs } = readDrivers([
    driver("google", null, "put docker-machine on PATH"),
    driver("linode", null, "get its plugin"),
    driver("azure", null, "put docker-machine on PATH"),
    driver("odd", null),
  ]);
  expect(programs).toEqual([]);
  expect(groupUnavailable(unavailable)).toEqual([
    { names: ["azure", "google"], why: "put docker-machine on PATH" },
    { names: ["linode"], why: "get its plugin" },
    { names: ["odd"], why: "not available here" },
  ]);
});
