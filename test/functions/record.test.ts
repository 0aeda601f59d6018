import { describe, expect, test } from "vitest";
import {
  driverFieldsOf,
  providerIdOf,
  rewritePaths,
  secretsIn,
  withCredentials,
  withProviderId,
} from "../../functions/docker-machine/record.ts";

const recordOf = (fields: object, more: object = {}) =>
  JSON.stringify({ ConfigVersion: 3, Driver: fields, ...more }, null, 4);

describe("paths", () => {
  const record = `{
    "Driver": {"StorePath": "/old/store", "SSHKeyPath": "/old/store/machines/m/id_rsa", "Id": 12345678901234567890},
    "Other": ["/old/store/certs", "/old/storefront", "see /old/store", "\\/old\\/store\\/x\\"y"]
}`;

  test("below the old prefix lead to the new one; all else stays as it was written", () => {
    expect(rewritePaths(record, "/old/store/", "/new")).toBe(`{
    "Driver": {"StorePath": "/new", "SSHKeyPath": "/new/machines/m/id_rsa", "Id": 12345678901234567890},
    "Other": ["/new/certs", "/old/storefront", "see /old/store", "/new/x\\"y"]
}`);
  });

  test("without a prefix stay", () => {
    expect(rewritePaths(record, "/", "/new")).toBe(record);
  });
});

describe("the provider's id", () => {
  test.each<[string, object, string | null]>([
    ["amazonec2", { InstanceId: "i-88c6", Id: "x" }, "i-88c6"],
    ["amazonec2", { InstanceId: "" }, null],
    ["digitalocean", { DropletID: 4711 }, "4711"],
    ["digitalocean", { DropletID: 0, SSHKeyID: 12 }, null],
    ["openstack", { MachineId: "u-u-i-d" }, "u-u-i-d"],
    ["rackspace", { MachineId: "u-u-i-d" }, "u-u-i-d"],
    ["exoscale", { Id: "e-1" }, "e-1"],
    ["softlayer", { Id: 5 }, "5"],
    ["vmwarevcloudair", { VAppID: "v" }, "v"],
    ["simulated", { VMId: "vm-1" }, "vm-1"],
    ["google", { MachineName: "web-1" }, "web-1"],
    ["azure", { MachineName: "web-1" }, "web-1"],
    ["generic", { MachineName: "web-1", IPAddress: "203.0.113.7" }, null],
    ["hetzner", { ServerID: 9, ImageID: 1, IPAddress: "203.0.113.7" }, "9"],
    ["hetzner", { ServerID: 0, ImageID: 1, IPAddress: "" }, null],
    ["kvm", { IPAddress: "203.0.113.7" }, "203.0.113.7"],
  ])("of %s in %o is %s", (driver, fields, expected) => {
    expect(providerIdOf(driver, recordOf(fields))).toBe(expected);
  });

  test("that a person found goes into its field, a number as a number of any size", () => {
    const record = withProviderId("digitalocean", recordOf({ DropletID: 0 }), "9007199254740993");
    expect(record).toContain('"DropletID": 9007199254740993');
    expect(driverFieldsOf(withProviderId("amazonec2", recordOf({ InstanceId: "" }), "i-1")!)).toEqual({
      InstanceId: "i-1",
    });
  });

  test("has no place in some records, and a number's takes no words", () => {
    expect(withProviderId("google", recordOf({ MachineName: "m" }), "x")).toBeNull();
    expect(withProviderId("digitalocean", recordOf({ DropletID: 0 }), "seven")).toBeNull();
  });
});

describe("credentials of the event replace the recorded ones", () => {
  test.each<[string, object, Record<string, string>, object]>([
    ["digitalocean", { AccessToken: "old" }, { accessToken: "new" }, { AccessToken: "new" }],
    ["digitalocean", { AccessToken: "old" }, { "digitalocean-access-token": "new" }, { AccessToken: "new" }],
    [
      "exoscale",
      { ApiKey: "old", ApiSecretKey: "older" },
      { apiKey: "a", apiSecretKey: "b" },
      { ApiKey: "a", ApiSecretKey: "b" },
    ],
    ["rackspace", { APIKey: "old" }, { apiKey: "new" }, { APIKey: "new" }],
    [
      "softlayer",
      { Client: { User: "u", ApiKey: "old" } },
      { apiKey: "new" },
      { Client: { User: "u", ApiKey: "new" } },
    ],
    ["vmwarevcloudair", { UserPassword: "old" }, { password: "new" }, { UserPassword: "new" }],
  ])("%s", (driver, before, driverConfig, after) => {
    expect(driverFieldsOf(withCredentials(driver, recordOf(before), driverConfig))).toEqual(after);
  });

  test("and nothing else is laid over, nor is anything added", () => {
    const record = recordOf({ Region: "us-east-1", Zone: "a" });
    expect(withCredentials("amazonec2", record, { region: "eu-west-1", zone: "us-east-1a", secretKey: "x" })).toBe(
      record,
    );
  });

  test("large numbers keep their digits", () => {
    const record = '{"Driver":{"AccessToken":"old","Big":12345678901234567890}}';
    expect(withCredentials("digitalocean", record, { accessToken: "new" })).toContain("12345678901234567890");
  });
});

test("the secrets of a record are found, also inside", () => {
  const record = recordOf({ AccessToken: "s3cret", Client: { ApiKey: "k3y-k3y" }, Region: "nyc3", Password: "" });
  expect(secretsIn(record)).toEqual(["s3cret", "k3y-k3y"]);
});

test("half a record is none", () => {
  expect(driverFieldsOf('{"Driver": {"DropletID": 4')).toBeNull();
  expect(driverFieldsOf('"Driver"')).toBeNull();
});
