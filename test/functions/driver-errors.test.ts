import { describe, expect, test } from "vitest";
import {
  describeFailure,
  hasCollided,
  mayBeInFlight,
  type ProgramOutput,
  provesNothingMade,
  saysAlreadyGone,
} from "../../functions/docker-machine/driver-errors.ts";

const failed = (changes: Partial<ProgramOutput>): ProgramOutput => ({
  exitCode: 1,
  signal: null,
  stdout: "Running pre-create checks...\n",
  stderr: "",
  endedBy: null,
  startError: null,
  ...changes,
});

describe("the driver's own words are what is left", () => {
  test.each([
    [
      "digitalocean",
      'Error creating machine: Error in driver during machine creation: Post "https://api.digitalocean.com/v2/droplets": EOF',
      'Post "https://api.digitalocean.com/v2/droplets": EOF',
    ],
    [
      "digitalocean",
      'Error with pre-create check: "Get \\"https://api.digitalocean.com/v2/regions\\": dial tcp: no such host"',
      'Get "https://api.digitalocean.com/v2/regions": dial tcp: no such host',
    ],
    [
      "digitalocean",
      "Error setting machine configuration from flags provided: digitalocean driver requires the --digitalocean-access-token option",
      "Error setting machine configuration from flags provided: digitalocean driver requires the --digitalocean-access-token option",
    ],
    [
      "generic",
      "Error creating machine: Error running provisioning: ssh command error:\ncommand : sudo hostname\nerr     : exit status 255",
      "Error running provisioning: ssh command error:\ncommand : sudo hostname\nerr     : exit status 255",
    ],
    [
      "generic",
      "Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -",
      "Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -",
    ],
    ["generic", "error creating machine: [Invalid hostname specified]", "Invalid hostname specified"],
    [
      "generic",
      "error creating machine: error in driver during machine creation: no route\n(web-1) Closing plugin on server side",
      "no route",
    ],
    [
      "digitalocean",
      'Error with pre-create check: "GET https://api.digitalocean.com/v2/regions: 401 Unable to authenticate you."',
      "Invalid access token: GET https://api.digitalocean.com/v2/regions: 401 Unable to authenticate you.",
    ],
    [
      "amazonec2",
      "Error creating machine: Error in driver during machine creation: code=Unauthorized, message=You are not allowed",
      "You are not allowed",
    ],
    [
      "packet",
      "Error creating machine: GET https://api.packet.net/facilities: 401",
      "Invalid API key: GET https://api.packet.net/facilities: 401",
    ],
    [
      "packet",
      "Error creating machine: POST https://api.packet.net/projects/1/devices: 404 not found",
      "Invalid project: POST https://api.packet.net/projects/1/devices: 404 not found",
    ],
    [
      "rackspace",
      "Error creating machine: Expected HTTP response code [200] when accessing https://identity/v2.0/tokens, but got 401",
      "Invalid username or apiKey: Expected HTTP response code [200] when accessing https://identity/v2.0/tokens, but got 401",
    ],
    [
      "generic",
      'Driver "nope" not found. Do you have the plugin binary "docker-machine-driver-nope" accessible in your PATH?',
      'It ended with exit code 1\nstderr: Driver "nope" not found. Do you have the plugin binary "docker-machine-driver-nope" accessible in your PATH?\nstdout: Running pre-create checks...',
    ],
  ])("%s: %s", (driver, stderr, expected) => {
    expect(describeFailure(driver, failed({ stderr }))).toBe(expected);
  });

  test("also when they are on stdout", () => {
    expect(describeFailure("generic", failed({ stdout: "x\nError creating machine: it burns\n" }))).toBe("it burns");
  });

  test("a usage on stdout does not hide the reason on stderr", () => {
    const output = failed({
      stdout: "Usage: docker-machine create\nOptions:\n",
      stderr: "flag provided but not defined: -bogus\n",
    });
    expect(describeFailure("generic", output)).toBe("It ended with exit code 1: flag provided but not defined: -bogus");
  });
});

describe("without such words it says how it ended", () => {
  test.each<[Partial<ProgramOutput>, string]>([
    [{ exitCode: 7, stdout: "" }, "It ended with exit code 7, without a word"],
    [{ exitCode: null, signal: "SIGKILL" }, "It was ended by SIGKILL: Running pre-create checks..."],
    [{ exitCode: null, endedBy: "timeout" }, "It took too long and was stopped: Running pre-create checks..."],
    [{ startError: "ENOENT" }, "The program could not be started: ENOENT"],
    [{ stdout: "", stderr: "1\n2\n3\n4\n5\n6\n" }, "It ended with exit code 1: 2\n3\n4\n5\n6"],
    [{ stdout: "on its way\n", stderr: "panic\n" }, "It ended with exit code 1\nstderr: panic\nstdout: on its way"],
  ])("%o", (changes, expected) => {
    expect(describeFailure("generic", failed(changes))).toBe(expected);
  });
});

describe("only these failures prove that nothing was made", () => {
  const inDriver = "Error creating machine: Error in driver during machine creation: ";
  test.each<[boolean, string, Partial<ProgramOutput>]>([
    [true, "digitalocean", { exitCode: 3 }],
    [true, "digitalocean", { startError: "EACCES" }],
    [true, "digitalocean", { stderr: "flag provided but not defined: -bogus" }],
    [true, "digitalocean", { stderr: "error setting machine configuration from flags provided: no token" }],
    [
      true,
      "digitalocean",
      { stderr: `${inDriver}POST https://api.digitalocean.com/v2/droplets: 422 You specified an invalid image` },
    ],
    [
      true,
      "amazonec2",
      { stderr: `${inDriver}Error launching instance: InvalidAMIID.NotFound: no\n\tstatus code: 400, request id: x` },
    ],
    [false, "digitalocean", { stderr: `${inDriver}POST https://api.digitalocean.com/v2/droplets: 500 oops` }],
    [false, "digitalocean", { stderr: `${inDriver}GET https://api.digitalocean.com/v2/droplets/7: 401 no` }],
    [false, "digitalocean", { stderr: `${inDriver}Post "https://api.digitalocean.com/v2/droplets": EOF` }],
    [false, "amazonec2", { stderr: `${inDriver}Error launching instance: RequestError: send request failed` }],
    [false, "digitalocean", { exitCode: 3, signal: "SIGKILL" }],
    [false, "digitalocean", { exitCode: 3, endedBy: "timeout" }],
    [false, "openstack", { stderr: `${inDriver}Bad request 400` }],
  ])("%s: %s %o", (proves, driver, changes) => {
    expect(provesNothingMade(driver, failed(changes))).toBe(proves);
  });
});

test("a machine that the provider no longer has is gone, a provider that does not answer is not", () => {
  const gone = failed({ stderr: 'Error removing host "x": SoftLayer_Exception_ObjectNotFound' });
  expect(saysAlreadyGone("softlayer", gone)).toBe(true);
  expect(saysAlreadyGone("softlayer", failed({ stderr: 'Error removing host "x": unexpected EOF' }))).toBe(false);
});

test.each([
  ["simulated", "Error creating machine: Error in driver during machine creation: Quota exceeded", false],
  ["simulated", 'Error in driver during machine creation: Post "https://simulated.invalid/v2/vms": EOF', true],
  ["container", "Error in driver during machine creation: network nosuch not found", false],
  ["container", "Error in driver during machine creation: error during connect: … EOF", true],
  ["container", "Error in driver during machine creation: No Docker engine answers at unix:///x.", true],
  ["digitalocean", "Error in driver during machine creation: something new", true],
])("after a failed create of %s saying %j the provider may be at work still: %j", (driver, stderr, expected) => {
  const output = { exitCode: 1, signal: null, stdout: "", stderr, endedBy: null, startError: null };
  expect(mayBeInFlight(driver, output)).toBe(expected);
});

test.each([
  [
    "docker-machine",
    "Error creating machine: Error in driver during machine creation: InvalidGroup.Duplicate: exists",
    true,
  ],
  ["the fork", "error creating machine: error in driver during machine creation: InvalidPermission.Duplicate: x", true],
  [
    "another refusal",
    "Error creating machine: Error in driver during machine creation: InvalidKeyPair.Duplicate: x",
    false,
  ],
])("%s: two creates that made the same at once are told from other failures", (_, stderr, isCollision) => {
  expect(hasCollided("amazonec2", failed({ stderr }))).toBe(isCollision);
  expect(hasCollided("digitalocean", failed({ stderr }))).toBe(false);
});
