import { expect, test } from "vitest";
import { meaningOf, remainsOf } from "../../../relay/api/error-meanings.ts";
import type { RetryHelps } from "../../../relay/api/meaning.ts";
import { outcomes } from "../../../relay/forwarder/outcomes.ts";

const driver = (message: string) => meaningOf({ code: "driver.failed", message });

test.each<[words: string, means: RegExp, retry: RetryHelps]>([
  ["Invalid access token", /credentials/, "changed"],
  ["No Docker engine answers at unix:///x. Start it. (docker: Cannot connect)", /no Docker engine to run/, "changed"],
  ["This user may not speak to the Docker engine at unix:///x. (permission denied)", /no right/, "changed"],
  [
    "The Docker engine at unix:///x is not the one that has this machine: its id is A, not B.",
    /led to another Docker engine/,
    "changed",
  ],
  ["The engine does not have the image x, and could not pull it: connection refused", /has no such image/, "changed"],
  ["The image x has no dockerd in it: it cannot be a Docker host.", /without a Docker engine inside/, "changed"],
  [
    "The engine inside the machine does not come up: its container ended with exit code 1. no space left on device",
    /engine in it is of no use/,
    "changed",
  ],
  [
    "EC2 could not be asked for an image: CredentialsProviderError: Could not load credentials from any providers",
    /No credentials were given/,
    "changed",
  ],
  ["GET https://api.digitalocean.com/v2/account: 401 Unable to authenticate you.", /credentials/, "changed"],
  ["AuthFailure: AWS was not able to validate the provided access credentials", /credentials/, "changed"],
  [
    "UnauthorizedOperation: You are not authorized to perform this operation. status code: 403",
    /may not do/,
    "changed",
  ],
  ["Quota exceeded: 10 of 10 droplets", /limit of the account/, "changed"],
  ["POST …/droplets: 422 creating this would exceed your droplet limit", /limit of the account/, "changed"],
  ["InstanceLimitExceeded: You have requested more instances (2) than allowed", /limit of the account/, "changed"],
  ["RequestLimitExceeded: Request limit exceeded. status code: 503", /too often/, "later"],
  ["GET …: 429 Too many requests", /too often/, "later"],
  ["InsufficientInstanceCapacity: We currently do not have sufficient t2.micro capacity", /no room/, "later"],
  ["dial tcp 203.0.113.7:443: connect: connection refused", /Nobody answered/, "later"],
  ["Post https://ec2.example: dial tcp: i/o timeout", /Nobody answered/, "later"],
  ["dial tcp: lookup api.example.invalid: no such host", /DNS/, "later"],
  [
    "Too many retries waiting for SSH to be available.  Last error: Maximum number of retries (60) exceeded",
    /SSH/,
    "changed",
  ],
  [
    'There was an error validating certificates for host "203.0.113.7:2376": dial tcp 203.0.113.7:2376: i/o timeout',
    /port 2376/,
    "changed",
  ],
  ["x509: certificate signed by unknown authority", /certificates/, "yes"],
  ["InvalidAMIID.NotFound: The image id '[ami-1]' does not exist", /no image/, "changed"],
  ["Error response from daemon: manifest for docker:28-cIi not found: manifest unknown", /no image/, "changed"],
  ["You specified an invalid size for Droplet creation.", /no such size/, "changed"],
  ["Couldn't determine your account Default VPC ID", /network/, "changed"],
  ["/bin/sh: docker-machine: not found", /not there/, "changed"],
  ["The program could not be started: spawn docker-machine ENOENT", /not there/, "changed"],
  ['Driver "nosuch" not found. Do you have the plugin binary accessible in your PATH?', /not there/, "changed"],
  ["The key pair 'web-1' already exists", /already/, "changed"],
  ["DELETE …: 500 Server was unable to give you a response.", /failed/, "later"],
  ['Post "https://cloud.invalid/v2/vms": EOF', /failed/, "later"],
])("knows the words %j", (words, means, retry) => {
  expect(driver(words)?.means).toMatch(means);
  expect(driver(words)?.retry).toBe(retry);
});

test("what the words do not tell, the code does", () => {
  expect(driver("Something that nobody has seen before")?.means).toBe("docker-machine failed.");
  expect(meaningOf({ code: "agent.failed", message: "it is gone" })?.means).toMatch(/agent/);
});

test("a handler of somebody else's may have codes and words of its own", () => {
  expect(meaningOf({ code: "dns.failed", message: "Something" })).toBeNull();
  expect(meaningOf({ code: "constructor", message: "Something" })).toBeNull();
  expect(meaningOf({ code: "dns.failed", message: "quota exceeded" })?.means).toMatch(/limit/);
});

test("the relay's own words are not taken for the provider's", () => {
  const message =
    "http://functions:8090/create: expected that FUNCTIONS_SECRET is the same on both sides, got status 401";
  expect(meaningOf({ code: "function.unauthorized", message })?.means).toMatch(/relay's secret/);
  const timeout = "http://functions:8090/create: expected a connection, got connection refused";
  expect(meaningOf({ code: "function.unreachable", message: timeout })?.means).toMatch(/handler's address/);
});

test("every outcome of a function has a meaning of its own", () => {
  const codes = [...new Set(Object.values(outcomes).map(({ code }) => code))];
  const unknown = meaningOf({ code: "function.neverHeardOf", message: "" });
  const brokenOnes = ["function.unexpectedStatus", "function.nonsense", "function.tooLarge"];
  for (const code of codes.filter((code) => !brokenOnes.includes(code))) {
    expect(meaningOf({ code, message: "" }), code).not.toBeNull();
    expect(meaningOf({ code, message: "" })?.means, code).not.toBe(unknown?.means);
  }
});

test.each([
  ..."driver.timeout driver.notFound driver.unavailable docker.unavailable agent.timeout archive.none".split(" "),
  ..."archive.invalid archive.tooLarge archive.otherProgram outcome.unknown machine.forgotten".split(" "),
  ..."machine.nameInvalid event.invalid event.stale forwarder.failed handler.error handler.missing".split(" "),
  ..."handler.absent handler.silent handler.noUrl option.unknown option.invalid option.secretNeedsVariable".split(" "),
  ..."request.invalid request.tooLarge".split(" "),
])("the code %s has a meaning", (code) => {
  expect(meaningOf({ code, message: "" })).not.toBeNull();
});

test.each([
  ["no capacity (what was made has been removed)", "nothing"],
  ["no capacity (what was made could not be removed: 500)", "something"],
  ["What an earlier attempt has made could not be removed: 500", "something"],
  ["no capacity", null],
] as const)("what is left after %j", (message, expected) => {
  expect(remainsOf({ message })).toBe(expected);
});
