import { describe, expect, test } from "vitest";
import type { DriverConfig } from "../../functions/contract.ts";
import { ownOptions } from "../../functions/docker-machine/driver-help.ts";
import { buildCatalogueOption } from "../../functions/docker-machine/drivers.ts";
import { addRecommended, lookUpRecommended } from "../../functions/docker-machine/recommend.ts";
import { recommendedValues } from "../../functions/docker-machine/recommended-values.ts";
import { helpOf } from "./help.ts";

type Program = Parameters<typeof helpOf>[0];

function driverOf(program: Program, name: string, environment: Record<string, string> = {}) {
  const shared = [helpOf(program, "none"), helpOf(program, "generic")] as const;
  const options = ownOptions(name, helpOf(program, name), shared).map((option) =>
    buildCatalogueOption(name, option, environment),
  );
  const served = { name: program, version: "1", path: `/${program}` };
  return { name, program: served, unavailable: null, isSimulated: false, options };
}

test.each(recommendedValues)("$driver $option: a default that some program really has", (entry) => {
  const defaults = (["docker-machine", "rancher-machine"] as const).map(
    (program) => driverOf(program, entry.driver).options.find(({ name }) => name === entry.option)!.default,
  );
  for (const dead of entry.deadDefaults) expect(defaults).toContain(dead);
  expect(entry.source).toMatch(/^https:\/\//);
  expect(entry.reason.length).toBeGreaterThan(10);
});

describe("what is added", () => {
  test.each<[Program, string, DriverConfig, Record<string, string>, DriverConfig]>([
    ["docker-machine", "digitalocean", {}, {}, { image: "ubuntu-24-04-x64" }],
    ["rancher-machine", "digitalocean", {}, {}, { image: "ubuntu-24-04-x64" }],
    ["docker-machine", "digitalocean", { image: "mine" }, {}, { image: "mine" }],
    ["docker-machine", "digitalocean", { "digitalocean-image": "mine" }, {}, { "digitalocean-image": "mine" }],
    ["docker-machine", "digitalocean", { image: "" }, {}, { image: "ubuntu-24-04-x64" }],
    ["docker-machine", "digitalocean", {}, { DIGITALOCEAN_IMAGE: "theirs" }, {}],
    ["docker-machine", "azure", {}, {}, { image: "canonical:ubuntu-24_04-lts:server-gen1:latest" }],
    // The fork's own is alive.
    ["rancher-machine", "azure", {}, {}, {}],
    ["docker-machine", "openstack", {}, {}, {}],
  ])("%s, %s with %o and the environment %o", (program, name, given, environment, expected) => {
    expect(addRecommended(driverOf(program, name, environment), given).driverConfig).toEqual(expected);
  });

  test("what is looked up is shown as such before, and looked up with all else that was added", async () => {
    const driver = driverOf("docker-machine", "amazonec2");
    const preview = addRecommended(driver, { region: "eu-west-1" });
    expect(preview.driverConfig).toEqual({
      region: "eu-west-1",
      instanceType: "t3.micro",
      ami: "<the newest Ubuntu 24.04 of Canonical in the region>",
    });
    const seen: DriverConfig[] = [];
    const made = await lookUpRecommended(
      driver,
      { region: "eu-west-1" },
      {
        async ami(known) {
          seen.push(known);
          return "ami-1";
        },
      },
    );
    expect(seen).toEqual([{ region: "eu-west-1", instanceType: "t3.micro" }]);
    expect(made.driverConfig).toEqual({ region: "eu-west-1", instanceType: "t3.micro", ami: "ami-1" });
    expect(made.added.map(({ option, value }) => [option, value])).toEqual([
      ["instanceType", "t3.micro"],
      ["ami", "ami-1"],
    ]);
  });

  test("nothing is looked up that somebody gave", async () => {
    const driver = driverOf("rancher-machine", "amazonec2");
    const given = { ami: "ami-mine", instanceType: "m5.large" };
    expect(await lookUpRecommended(driver, given, {})).toEqual({ driverConfig: given, added: [] });
  });
});
