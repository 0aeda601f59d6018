import { readdirSync, readFileSync } from "node:fs";
import { parse } from "node:path";
import { describe, expect, test } from "vitest";
import type { DriverOption } from "../../functions/contract.ts";
import { camelCase, ownOptions, parseHelp } from "../../functions/docker-machine/driver-help.ts";

/** What the two programs printed for `create -d <driver> --help`. */
function readHelp(program: string, driver: string): string {
  return readFileSync(new URL(`../fixtures/help/${program}/${driver}.txt`, import.meta.url), "utf8");
}

function readOptions(program: string, driver: string): Map<string, DriverOption> {
  const shared = [readHelp(program, "none"), readHelp(program, "generic")] as const;
  return new Map(ownOptions(driver, readHelp(program, driver), shared).map((option) => [option.name, option]));
}

const coreDriversOfBoth = [
  ...["amazonec2", "azure", "digitalocean", "exoscale", "generic", "google", "hyperv", "none", "openstack"],
  ...["rackspace", "softlayer", "virtualbox", "vmwarefusion", "vmwarevcloudair", "vmwarevsphere"],
];

describe.each(["docker-machine", "rancher-machine"])("the help of %s", (program) => {
  test("tells a text from a switch from a list", () => {
    const options = readOptions(program, "amazonec2");
    expect(options.get("accessKey")).toEqual({
      name: "accessKey",
      flag: "--amazonec2-access-key",
      type: "text",
      default: null,
      text: "AWS Access Key",
      environmentVariable: "AWS_ACCESS_KEY_ID",
      isSecret: true,
      isFile: false,
    });
    expect(options.get("insecureTransport")).toMatchObject({
      type: "boolean",
      environmentVariable: "AWS_INSECURE_TRANSPORT",
    });
    expect(options.get("openPort")).toMatchObject({ type: "list", environmentVariable: null });
    expect(options.get("instanceType")).toMatchObject({ type: "text", default: "t2.micro" });
  });

  const drivers = readdirSync(new URL(`../fixtures/help/${program}`, import.meta.url)).map((file) => parse(file).name);

  test("is there of every core driver", () => {
    const forkOnly = program === "rancher-machine" ? ["noop", "pod"] : [];
    expect(drivers).toEqual([...coreDriversOfBoth, ...forkOnly].sort());
  });

  test.each(drivers)("of %s leaves no line of an option unread", (driver) => {
    const help = readHelp(program, driver);
    const flags = [...help.matchAll(/^\s+(--[\w-]+)/gm)].map(([, flag]) => flag);
    const options = parseHelp(help);
    expect(options.map(({ flag }) => flag)).toEqual(flags);
    expect(flags.length).toBeGreaterThan(10);
    expect(options.filter(({ type }) => type === "unknown")).toEqual([]);
    expect(options.filter(({ text }) => /\[\$|\t/.test(text))).toEqual([]);
    // What is the driver's own begins with its name: nothing of `create` itself has come in, and nothing got lost.
    const own = flags.filter(
      (flag) => flag!.startsWith(`--${driver}-`) || (/^no(ne|op)$/.test(driver) && flag === "--url"),
    );
    expect([...readOptions(program, driver).values()].map(({ flag }) => flag).sort()).toEqual(own.sort());
  });

  test.each([
    ["amazonec2", ["sshKeypath", "userdata"]],
    ["azure", ["customData"]],
    ["digitalocean", ["sshKeyPath", "userdata"]],
    ["exoscale", ["sshKey", "userdata"]],
    ["generic", ["sshKey"]],
    ["openstack", ["cacert", "privateKeyFile", "userDataFile"]],
  ])("shows which options of %s name files", (driver, expected) => {
    const files = [...readOptions(program, driver).values()].filter(({ isFile }) => isFile);
    expect(files.map(({ name }) => name)).toEqual(expected);
  });

  test("has no option of a driver in common with the command's own", () => {
    expect([...readOptions(program, "generic").keys()]).toEqual([
      "enginePort",
      "ipAddress",
      "sshKey",
      "sshPort",
      "sshUser",
    ]);
    // It does not begin with the driver's name.
    expect([...readOptions(program, "none").values()]).toMatchObject([{ name: "url", flag: "--url" }]);
  });
});

test("the fork's encoded credentials of Google are a secret", () => {
  expect(readOptions("rancher-machine", "google").get("authEncodedJson")).toMatchObject({ isSecret: true });
});

test("a program without the two drivers to compare with is read by the driver's name", () => {
  const help =
    '   --kvm-memory "1024"\tSize of memory\n   --kvm-token \tA token [$KVM_TOKEN, $TOKEN]\n   --url \tURL\n';
  expect(ownOptions("kvm", help, null)).toMatchObject([
    { name: "memory", default: "1024" },
    { name: "token", environmentVariable: "KVM_TOKEN", isSecret: true },
  ]);
});

test("help that is aligned with blanks leaves open whether an option takes a value", () => {
  expect(parseHelp("   --x-y   some text")).toMatchObject([{ flag: "--x-y", type: "unknown", text: "some text" }]);
});

test.each([
  ["access-token", "accessToken"],
  ["ipv6", "ipv6"],
  ["boot2docker-url", "boot2dockerUrl"],
  ["ipv6-address-only", "ipv6AddressOnly"],
])("%s becomes %s", (kebab, camel) => {
  expect(camelCase(kebab)).toBe(camel);
});
