import { expect, test } from "vitest";
import { consoleOf, placesOf } from "../../../../relay/ui/machine/provider-consoles.ts";

test("a driver that nobody knows has a console all the same, without an address", () => {
  expect(consoleOf("digitalocean").url).toMatch(/^https:/);
  expect(consoleOf("constructor")).toEqual({ name: "the console of the provider behind constructor", url: null });
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["digitalocean", { region: "nyc3", size: "small" }, ["region nyc3"]],
  ["amazonec2", { "amazonec2-region": "eu-west-1", zone: "a" }, ["region eu-west-1", "zone a"]],
  ["google", { project: "", zone: 7 }, []],
])("where to look with the driver %s and %j", (driver, driverConfig, expected) => {
  expect(placesOf(driver, driverConfig)).toEqual(expected);
});
