import { expect, test } from "vitest";
import { filterDrivers, groupUnavailable } from "../../../../relay/ui/create/driver-list.ts";

const driver = (name: string, unavailable: string | null = null) => ({
  name,
  program: unavailable === null ? { name: "docker-machine", version: "1", path: "/a" } : null,
  unavailable,
  isSimulated: false,
});

test("drivers that are missing for the same reason are named together", () => {
  const drivers = [driver("a", "get it"), driver("b"), driver("c", "get it"), driver("d", "broken")];
  expect(groupUnavailable(drivers)).toEqual([
    { reason: "get it", names: ["a", "c"] },
    { reason: "broken", names: ["d"] },
  ]);
});

test("a search finds names and programs, whatever their case", () => {
  const drivers = [driver("azure"), driver("google", "get it")];
  expect(filterDrivers(drivers, "AZ").map(({ name }) => name)).toEqual(["azure"]);
  expect(filterDrivers(drivers, "machine").map(({ name }) => name)).toEqual(["azure"]);
  expect(filterDrivers(drivers, " ")).toHaveLength(2);
});
