import { expect, test } from "vitest";
import { splitOptions } from "../../../../relay/ui/create/first-options.ts";
import {
  choicesOf,
  isGiven,
  listGiven,
  listMissing,
  matchesSearch,
  titleOf,
} from "../../../../relay/ui/create/option-values.ts";
import { anOption } from "./an-option.ts";

test.each([
  ["accessToken", "Access token"],
  ["sshKeyPath", "SSH key path"],
  ["ipAddress", "IP address"],
  ["vpcId", "VPC ID"],
  ["ipv6", "IPv6"],
  ["cpus", "CPUs"],
  ["url", "URL"],
  ["useEbsOptimizedInstance", "Use EBS optimized instance"],
  ["durationMs", "Duration ms"],
  ["constructor", "Constructor"],
])("%s is called %s", (name, title) => {
  expect(titleOf({ name })).toBe(title);
});

test.each([
  ["How removing the machine goes: ok, fail, fail-once", ["ok", "fail", "fail-once"]],
  ["AWS zone for instance (i.e. a,b,c)", ["a", "b", "c"]],
  ["OpenStack endpoint type (adminURL, internalURL or publicURL)", ["adminURL", "internalURL", "publicURL"]],
  ["duration in minutes (60, 120, or 180)", ["60", "120", "180"]],
  ["Azure environment (e.g. AzurePublicCloud, AzureChinaCloud)", ["AzurePublicCloud", "AzureChinaCloud"]],
  ["AWS Tags (e.g. key1,value1,key2,value2)", []],
  ["Service Account (optional, browser auth is used if not specified)", []],
  ["Optional endpoint URL (hostname only or fully qualified URI)", []],
  ["How long create takes, in milliseconds", []],
  ["VMware network: the name of it", []],
])("%s: proposes %j", (text, choices) => {
  expect(choicesOf(anOption({ text }))).toEqual(choices);
});

test("nothing is proposed for a secret", () => {
  expect(choicesOf(anOption({ text: "how: ok, fail", isSecret: true }))).toEqual([]);
});

test.each([
  [undefined, false],
  ["", false],
  [false, false],
  [[], false],
  [[""], false],
  [{ content: "" }, false],
  ["0", true],
  [true, true],
  [["", "a"], true],
  [{ content: "a" }, true],
])("%j is given: %s", (value, is) => {
  expect(isGiven(value)).toBe(is);
});

test("only what the driver has and somebody filled in is sent", () => {
  const options = [anOption({ name: "region" }), anOption({ name: "ports", type: "list" }), anOption({ name: "size" })];
  expect(listGiven(options, { region: "", ports: ["80", ""], size: "small", other: "of another driver" })).toEqual({
    ports: ["80"],
    size: "small",
  });
});

test("a required option is missing until it is given", () => {
  const options = [anOption({ name: "token", isRequired: true }), anOption({ name: "size" })];
  expect(listMissing(options, {}).map(({ name }) => name)).toEqual(["token"]);
  expect(listMissing(options, { token: "x" })).toEqual([]);
});

test.each([
  ["ssh port", true],
  ["CLOUD_PORT", true],
  ["--cloud-ssh", true],
  ["", true],
  ["ssh region", false],
])("the search %j finds it: %s", (search, finds) => {
  const option = anOption({ name: "sshPort", flag: "--cloud-ssh-port", environmentVariable: "CLOUD_PORT" });
  expect(matchesSearch(option, search)).toBe(finds);
});

const many = ["accessToken", "backups", "image", "ipv6", "monitoring", "region", "size", "tags", "userdata"];

test("the options that matter come first, in their order, and none is lost", () => {
  const { first, rest } = splitOptions(
    "digitalocean",
    many.map((name) => anOption({ name })),
  );
  expect(first.map(({ name }) => name)).toEqual(["accessToken", "region", "size", "image"]);
  expect(rest).toHaveLength(many.length - first.length);
});

test("of a driver that nobody knows come first what it needs, its secrets, and what is usual", () => {
  const options = many.map((name) =>
    anOption({ name, isSecret: name === "accessToken", ...(name === "tags" ? { isRequired: true } : {}) }),
  );
  const { first } = splitOptions("hetzner", options);
  expect(first.map(({ name }) => name)).toEqual(["accessToken", "image", "region", "size", "tags"]);
});

test("what a known driver needs is not hidden, whatever the table says", () => {
  const options = many.map((name) => anOption({ name, ...(name === "tags" ? { isRequired: true } : {}) }));
  expect(splitOptions("digitalocean", options).first[0]?.name).toBe("tags");
});

test("a few options are not split, and a driver may be called like anything", () => {
  const options = ["b", "sshKey", "ipAddress"].map((name) => anOption({ name }));
  expect(splitOptions("generic", options).first.map(({ name }) => name)).toEqual(["ipAddress", "sshKey", "b"]);
  expect(splitOptions("constructor", options)).toEqual({ first: options, rest: [] });
});
