// The line that a create would run: the same as it does run, and without a secret.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CommandRequest, type DriverConfig, hideSecret } from "../../functions/contract.ts";
import { buildCreate } from "../../functions/create.ts";
import { previewCommand } from "../../functions/docker-machine/command-preview.ts";
import type { Tools } from "../../functions/docker-machine/tools.ts";
import type { FunctionProblem } from "../../functions/problem.ts";
import { fakeDockerMachine, machineOf, runWork, writeProgram } from "./work-scene.ts";

const preview = (tools: Tools, driver: string, request: Partial<CommandRequest> = {}) =>
  previewCommand(tools, driver, { machineName: "web-1-xxxxxxxx", driverConfig: {}, engine: {}, ...request });

async function refusal(tools: Tools, driver: string, request: Partial<CommandRequest>) {
  const error = await preview(tools, driver, request).then(
    () => null,
    (reason: FunctionProblem) => reason,
  );
  expect(JSON.stringify(error?.details)).not.toContain("s3cret");
  return error?.details;
}

test("it is the line that create runs, with the program's name first", async () => {
  const { tools, calls } = await fakeDockerMachine({ create: "exit 1" });
  const driverConfig: DriverConfig = { accessToken: "s3cret", region: "nyc3", ipv6: true, tags: "-D" };
  const engine = { labels: { rack: "7" } };
  const shown = await preview(tools, "digitalocean", { driverConfig, engine });
  await runWork(buildCreate(tools), tools, {
    machine: machineOf({ machineName: "web-1-xxxxxxxx", driver: "digitalocean", driverConfig, engine }),
  });
  expect(await calls()).toEqual([shown.command.join(" ")]);
  expect(shown).toEqual({
    command: [
      ...["docker-machine", "create", "-d", "digitalocean", "--engine-label", "rack=7"],
      ...[
        "--digitalocean-image",
        "ubuntu-24-04-x64",
        "--digitalocean-ipv6",
        "--digitalocean-region",
        "nyc3",
        "--digitalocean-tags=-D",
        "web-1-xxxxxxxx",
      ],
    ],
    environment: ["DIGITALOCEAN_ACCESS_TOKEN"],
    files: [],
    added: [{ option: "image", value: "ubuntu-24-04-x64", reason: expect.stringContaining("takes images") }],
  });
});

test.each<[string, DriverConfig]>([
  ["the secret itself", { sshKey: { content: "s3cret" } }],
  ["a masked content", { "generic-ssh-key": { content: "********" } }],
  ["the mask", { sshKey: "********" }],
])("of a file its place is shown: %s", async (_, driverConfig) => {
  const { tools } = await fakeDockerMachine({});
  expect(await preview(tools, "generic", { driverConfig })).toEqual({
    command: [
      ...["docker-machine", "create", "-d", "generic", "--generic-ssh-key", "files/generic-ssh-key"],
      "web-1-xxxxxxxx",
    ],
    environment: [],
    files: ["generic-ssh-key"],
    added: [],
  });
});

test("a bundled driver's program has its own name", async () => {
  const { tools } = await fakeDockerMachine({});
  const { command } = await preview(tools, "simulated");
  expect(command).toEqual(["simulated", "create", "-d", "simulated", "web-1-xxxxxxxx"]);
});

describe("secrets that can only be arguments", () => {
  const engine = {
    environment: { API_TOKEN: "s3cret", NO_PROXY: "x" },
    registryMirrors: ["https://me:s3cret@mirror.example"],
  };
  const masked = { environment: { API_TOKEN: "********", NO_PROXY: "x" }, registryMirrors: ["********"] };

  test.each([engine, masked, { registryMirrors: ["********"] }])("are refused as in a create: %o", async (given) => {
    const { tools } = await fakeDockerMachine({});
    expect(await refusal(tools, "generic", { engine: given })).toMatchObject({
      status: 422,
      code: "option.secretNeedsVariable",
      field: expect.stringMatching(/^engine\./),
    });
  });

  test.each([engine, masked])("are masked where the operator allows them: %o", async (given) => {
    const { tools } = await fakeDockerMachine({}, { allowSecretArguments: ["generic"] });
    expect((await preview(tools, "generic", { engine: given })).command).toEqual([
      ...["docker-machine", "create", "-d", "generic", "--engine-env", "API_TOKEN=********"],
      ...["--engine-env", "NO_PROXY=x", "--engine-registry-mirror", "********", "web-1-xxxxxxxx"],
    ]);
  });

  test.each<[DriverConfig, string[]]>([
    [{ pinToken: "s3cret,s3cret" }, ["--simple-pin-token", "********"]],
    [{ "simple-pin-token": "-s3cret" }, ["--simple-pin-token", "********"]],
    [{ pinToken: "" }, []],
    [{ keyTokens: ["s3cret", "s3cret"] }, ["--simple-key-tokens", "********", "--simple-key-tokens", "********"]],
  ])("of a driver are masked, too: %o", async (driverConfig, expected) => {
    const { tools, directory } = await fakeDockerMachine({}, { allowSecretArguments: ["simple"] });
    const options =
      "    --simple-pin-token \tA secret\n    --simple-key-tokens [--simple-key-tokens option --simple-key-tokens option]\tSecrets";
    await writeProgram(
      join(directory, "bin/docker-machine"),
      `#!/bin/sh\n[ "$1" = --version ] && echo 'docker-machine version 0.16.2, build x' && exit 0\n[ "$3" = simple ] && printf '%b\\n' '${options}' || true\n`,
    );
    const { command } = await preview(tools, "simple", { driverConfig });
    expect(command).toEqual(["docker-machine", "create", "-d", "simple", ...expected, "web-1-xxxxxxxx"]);
  });

  test("of a list keep what decides how it can be given", async () => {
    const option = { name: "tokens", flag: "--tokens", type: "list", isSecret: true, isFile: false } as const;
    const whole = { ...option, default: null, text: "", environmentVariable: "TOKENS" };
    expect(hideSecret(whole, ["s3cret", "s3,cret"])).toEqual(["********", "********,********"]);
    expect(hideSecret(whole, "********,********")).toBe("********,********");
  });
});

test.each<[string, string, Partial<CommandRequest>, object]>([
  ["an unknown driver", "nowhere", {}, { code: "driver.notFound", field: "driver" }],
  [
    "an unknown option",
    "digitalocean",
    { driverConfig: { regoin: "nyc3" } },
    { code: "option.unknown", field: "driverConfig.regoin" },
  ],
  [
    "a path",
    "generic",
    { driverConfig: { sshKey: "/root/s3cret" } },
    { code: "option.invalid", field: "driverConfig.sshKey" },
  ],
  [
    "a zero byte in a secret",
    "digitalocean",
    { driverConfig: { accessToken: "s3cret\0" } },
    { code: "option.invalid", field: "driverConfig.accessToken" },
  ],
  [
    "a list for a secret",
    "digitalocean",
    { driverConfig: { accessToken: ["s3cret"] } },
    { code: "option.invalid", field: "driverConfig.accessToken" },
  ],
])("%s is refused as in a create", async (_, driver, request, problem) => {
  const { tools } = await fakeDockerMachine({});
  expect(await refusal(tools, driver, request)).toMatchObject({ status: 422, ...problem });
});
