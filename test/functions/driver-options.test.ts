import { describe, expect, test } from "vitest";
import type { DriverConfig, EngineOptions } from "../../functions/contract.ts";
import { ownOptions } from "../../functions/docker-machine/driver-help.ts";
import { buildCreateArguments, nearestOf } from "../../functions/docker-machine/driver-options.ts";
import type { FunctionProblem } from "../../functions/problem.ts";
import { helpOf } from "./help.ts";

const readHelp = (driver: string) => helpOf("docker-machine", driver);
const secretPin = "   --simple-pin-token \tA secret without a variable\n   --simple-size \tSize\n";

function build(
  driver: string,
  driverConfig: DriverConfig,
  more: { engine?: EngineOptions; allowSecretArguments?: boolean } = {},
) {
  const options =
    driver === "simple"
      ? ownOptions(driver, secretPin, null)
      : ownOptions(driver, readHelp(driver), [readHelp("none"), readHelp("generic")]);
  return buildCreateArguments({
    driver,
    options,
    driverConfig,
    engine: {},
    filesDirectory: "/storage/files",
    allowSecretArguments: false,
    ...more,
  });
}

function refusal(driver: string, driverConfig: DriverConfig, engine: EngineOptions = {}): FunctionProblem["details"] {
  try {
    build(driver, driverConfig, { engine });
  } catch (error) {
    return (error as FunctionProblem).details;
  }
  throw new Error("It was not refused");
}

describe("an option becomes a flag", () => {
  test.each<[string, DriverConfig, string[]]>([
    ["a text", { region: "nyc3" }, ["--digitalocean-region", "nyc3"]],
    ["a number", { sshPort: 2222 }, ["--digitalocean-ssh-port", "2222"]],
    ["true is a bare flag", { ipv6: true }, ["--digitalocean-ipv6"]],
    ["false and empty are nothing", { ipv6: false, region: "", size: false }, []],
    [
      "sorted by key",
      { size: "s", backups: true, region: "r" },
      ["--digitalocean-backups", "--digitalocean-region", "r", "--digitalocean-size", "s"],
    ],
    ["kebab-case", { "private-networking": true }, ["--digitalocean-private-networking"]],
    ["with the driver's name", { digitaloceanRegion: "nyc3" }, ["--digitalocean-region", "nyc3"]],
    ["a value like an option of docker-machine's stays a value", { tags: "-D" }, ["--digitalocean-tags=-D"]],
  ])("%s", (_, driverConfig, expected) => {
    expect(build("digitalocean", driverConfig).arguments).toEqual(expected);
  });

  test("a list is the flag repeated", () => {
    const { arguments: flags } = build("amazonec2", { openPort: ["80/tcp", "443/tcp"] });
    expect(flags).toEqual(["--amazonec2-open-port", "80/tcp", "--amazonec2-open-port", "443/tcp"]);
  });

  test("a driver without prefix", () => {
    expect(build("none", { url: "tcp://127.0.0.1:1" }).arguments).toEqual(["--url", "tcp://127.0.0.1:1"]);
  });
});

test("the engine's options come first, each in its own order", () => {
  const engine: EngineOptions = {
    storageDriver: "overlay2",
    registryMirrors: ["https://mirror"],
    labels: { b: "2", a: "1" },
    insecureRegistries: ["registry:5000"],
    environment: { NO_PROXY: "x" },
    options: ["log-level=debug"],
    installUrl: "https://get.example",
  };
  expect(build("generic", { ipAddress: "203.0.113.7" }, { engine }).arguments).toEqual([
    ...["--engine-install-url", "https://get.example", "--engine-opt", "log-level=debug"],
    ...["--engine-env", "NO_PROXY=x", "--engine-insecure-registry", "registry:5000"],
    ...["--engine-label", "a=1", "--engine-label", "b=2", "--engine-registry-mirror", "https://mirror"],
    ...["--engine-storage-driver", "overlay2", "--generic-ip-address", "203.0.113.7"],
  ]);
});

describe("a secret", () => {
  test("goes by its environment variable and is in no argument", () => {
    const built = build("digitalocean", { accessToken: "s3cret", region: "nyc3" });
    expect(built.environment).toEqual({ DIGITALOCEAN_ACCESS_TOKEN: "s3cret" });
    expect(built.arguments.join(" ")).not.toContain("s3cret");
  });

  test("without a variable is refused", () => {
    expect(refusal("simple", { pinToken: "s3cret" })).toMatchObject({
      status: 422,
      code: "option.secretNeedsVariable",
      field: "driverConfig.pinToken",
    });
  });

  test("without a variable is an argument where the operator allows it", () => {
    const built = build("simple", { pinToken: "s3cret" }, { allowSecretArguments: true });
    expect(built.arguments).toEqual(["--simple-pin-token", "s3cret"]);
  });

  test.each<EngineOptions>([
    { environment: { API_TOKEN: "x" } },
    { environment: { API_KEY: "x" } },
    { environment: { MY_ACCESS_KEY: "x" } },
    { environment: { HTTP_PROXY: "http://me:pw@proxy:3128" } },
    { registryMirrors: ["https://mirror.example", "https://me:pw@mirror.example"] },
    { options: ["http-proxy=http://me:pw@proxy"] },
    { installUrl: "https://token@get.example" },
  ])("in the engine's options is refused, since it can only be an argument: %o", (engine) => {
    expect(refusal("generic", {}, engine)).toMatchObject({ code: "option.secretNeedsVariable" });
  });

  test("of the wrong type is not repeated in the answer", () => {
    const problem = refusal("digitalocean", { accessToken: ["s3cret-in-a-list"] });
    expect(problem.code).toBe("option.invalid");
    expect(JSON.stringify(problem)).not.toContain("s3cret");
  });
});

describe("a file option", () => {
  test("takes its content, which is written below the storage directory", () => {
    const built = build("generic", { sshKey: { content: "KEY" } });
    expect(built.files).toEqual([{ name: "generic-ssh-key", content: "KEY" }]);
    expect(built.arguments).toEqual(["--generic-ssh-key", "/storage/files/generic-ssh-key"]);
  });

  test("refuses a path", () => {
    expect(refusal("generic", { sshKey: "/etc/shadow" })).toMatchObject({
      status: 422,
      code: "option.invalid",
      field: "driverConfig.sshKey",
      expected: '{"content": "…"}',
    });
  });

  test("is the only one that takes content", () => {
    expect(refusal("generic", { sshUser: { content: "root" } })).toMatchObject({ status: 422, code: "option.invalid" });
  });
});

describe("a wrong option is refused with what was expected", () => {
  test("an unknown one with the nearest name", () => {
    expect(refusal("digitalocean", { regoin: "nyc3" })).toMatchObject({
      status: 422,
      code: "option.unknown",
      field: "driverConfig.regoin",
      expected: "an option of the driver, for example region",
      got: "regoin",
    });
  });

  test("one of docker-machine's own is none of the driver's", () => {
    expect(refusal("digitalocean", { swarmMaster: true })).toMatchObject({ code: "option.unknown" });
  });

  test.each<[string, DriverConfig, string, string]>([
    ["true for a text", { region: true }, "a text or a number", "true"],
    ["a text for a switch", { ipv6: "yes" }, "true or false", '"yes"'],
    ["a list for a text", { region: ["a", "b"] }, "a text", "a list"],
    ["a zero byte", { region: "a\0b" }, "a text", "a text with a zero byte in it"],
  ])("%s", (_, driverConfig, expected, got) => {
    expect(refusal("digitalocean", driverConfig)).toMatchObject({ code: "option.invalid", expected, got });
  });

  test("the same one twice, under two names", () => {
    expect(refusal("digitalocean", { accessToken: "a", "access-token": "b" })).toMatchObject({
      code: "option.invalid",
    });
  });
});

test("the nearest name ignores case and dashes", () => {
  expect(nearestOf("access_token", ["region", "accessToken"])).toBe("accessToken");
  expect(nearestOf("x", [])).toBeNull();
});
