import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CurlInput, formatCurl } from "../../../../relay/ui/create/curl.ts";
import { anOption } from "./an-option.ts";

const options = [
  anOption({ name: "accessToken", isSecret: true, environmentVariable: "CLOUD_TOKEN" }),
  anOption({ name: "sshKey", isFile: true, flag: "--cloud-ssh-key" }),
];
const nasty = `it's "quoted" \\ $HOME \`id\` $(id) !x %s \\n é\u202e`;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "curl-line-"));
  // Prints each of its arguments, ended by a zero byte.
  writeFileSync(join(directory, "curl"), '#!/bin/sh\nfor each in "$@"; do printf "%s\\0" "$each"; done\n', {
    mode: 0o755,
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What curl is given when the line is pasted into a shell. */
function paste(text: string, variables: Record<string, string> = {}): string[] {
  const environment = { PATH: `${directory}:${process.env.PATH}`, ...variables };
  return execFileSync("sh", ["-c", text], { env: environment, encoding: "utf8", stdio: "pipe" })
    .split("\0")
    .slice(0, -1);
}

function input(changes: Partial<CurlInput["machine"]>, others: Partial<CurlInput> = {}): CurlInput {
  const machine = { name: "web-1", driver: "cloud", driverConfig: {}, engine: {}, labels: {}, ...changes };
  return { origin: "http://127.0.0.1:8080", needsKey: false, names: [machine.name], options, machine, ...others };
}

const bodyOf = (given: string[]) => JSON.parse(given[given.indexOf("-d") + 1] ?? "");

test("the shell gives curl exactly what was entered, whatever is in it", () => {
  const machine = {
    driverConfig: { region: nasty, ports: [nasty, "80"], isOn: true },
    engine: { environment: { A: nasty } },
    labels: { tier: nasty },
  };
  const { text, variables } = formatCurl(input(machine));
  expect(variables).toEqual([]);
  const given = paste(text);
  expect(given.slice(0, 4)).toEqual([
    "-sS",
    "http://127.0.0.1:8080/v1/machines",
    "-H",
    "content-type: application/json",
  ]);
  expect(bodyOf(given)).toEqual({ name: "web-1", driver: "cloud", ...machine });
});

test("what is empty is left out", () => {
  expect(bodyOf(paste(formatCurl(input({})).text))).toEqual({ name: "web-1", driver: "cloud" });
});

test("a secret is never in it, and comes from its variable as it is there", () => {
  const machine = {
    driverConfig: { accessToken: "hidden-1", proxy: "http://u:hidden-2@proxy" },
    engine: { environment: { HTTP_PROXY: "http://u:hidden-3@proxy" }, registryMirrors: ["https://u:hidden-4@mirror"] },
  };
  const { text, variables } = formatCurl(input(machine, { needsKey: true }));
  expect(text).not.toContain("hidden");
  expect(variables.map(({ name }) => name)).toEqual([
    "KEY",
    "CLOUD_TOKEN",
    "PROXY",
    "ENGINE_HTTP_PROXY",
    "ENGINE_REGISTRY_MIRRORS_0",
  ]);
  const values = Object.fromEntries(variables.map(({ name }) => [name, `${name} ${nasty}`]));
  const given = paste(text, { ...values, KEY: "the-key" });
  expect(given).toContain("authorization: Bearer the-key");
  expect(bodyOf(given)).toMatchObject({
    driverConfig: { accessToken: values.CLOUD_TOKEN, proxy: values.PROXY },
    engine: {
      environment: { HTTP_PROXY: values.ENGINE_HTTP_PROXY },
      registryMirrors: [values.ENGINE_REGISTRY_MIRRORS_0],
    },
  });
});

test("a file's content comes from the file that its variable names", () => {
  const { text, variables } = formatCurl(input({ driverConfig: { sshKey: { content: "hidden" } } }));
  expect(text).not.toContain("hidden");
  expect(variables).toEqual([{ name: "CLOUD_SSH_KEY", isFile: true }]);
  const content = `#!/bin/sh\n\n\tindented\t${nasty}\n  last line\n`;
  const path = join(directory, "a file");
  writeFileSync(path, content);
  expect(bodyOf(paste(text, { CLOUD_SSH_KEY: path })).driverConfig.sshKey).toEqual({ content });
});

test("without its variables it does nothing", () => {
  const { text } = formatCurl(input({ driverConfig: { accessToken: "hidden" } }));
  expect(() => paste(text)).toThrow();
});

test("several are one loop", () => {
  const names = ["web-1", "web-2", "web-3"];
  const { text } = formatCurl(input({ driverConfig: { accessToken: "hidden" } }, { names }));
  const given = paste(text, { CLOUD_TOKEN: "a" });
  const bodies = given.filter((_, index) => given[index - 1] === "-d").map((body) => JSON.parse(body));
  expect(bodies.map(({ name }) => name)).toEqual(names);
});

test("two secrets never share a variable", () => {
  const twins = ["accessToken", "otherToken"].map((name) => anOption({ name, environmentVariable: "KEY" }));
  const { variables } = formatCurl(
    input({ driverConfig: { accessToken: "a", otherToken: "b" } }, { options: twins, needsKey: true }),
  );
  expect(variables.map(({ name }) => name)).toEqual(["KEY", "KEY_2", "KEY_3"]);
});
