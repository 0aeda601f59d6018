import { expect, test } from "vitest";
import { describePlace, placeChanges } from "../../../relay/process-server/places.ts";

test.each([
  ["digitalocean", { region: "nyc3" }, { region: "ams3" }, ["region"]],
  ["digitalocean", { "digitalocean-region": "nyc3" }, { "digitalocean-region": "ams3" }, ["digitalocean-region"]],
  ["digitalocean", { accessToken: "old" }, { accessToken: "new" }, []],
  ["amazonec2", {}, { zone: "b" }, ["zone"]],
  ["openstack", { authUrl: "http://a" }, { authUrl: "http://b" }, ["authUrl"]],
  ["container", {}, { dockerHost: "tcp://a" }, ["dockerHost"]],
  ["container", {}, { "container-docker-host": "tcp://a" }, ["container-docker-host"]],
  ["container", { memory: "1g" }, { memory: "2g" }, []],
  ["generic", { host: "a" }, { host: "b" }, []],
])("%s: from %j to %j moves %j", (driver, before, after, expected) => {
  expect(placeChanges(driver, before, after)).toEqual(expected);
});

test("a place is described without secrets", () => {
  expect(describePlace({ region: "nyc3", accessToken: "tok-1", size: "512mb" })).toEqual(["region nyc3"]);
});
