import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, isLoopback, readConfig } from "../../functions/config.ts";
import { temporaryDirectory } from "./functions-scene.ts";

test("an empty environment is a complete configuration for one machine", () => {
  expect(readConfig({})).toMatchObject({
    host: "127.0.0.1",
    port: 8081,
    functions: ["create", "bootstrap", "delete"],
    secret: null,
    deadlineMs: 30 * 60_000,
    invocationsMax: 50,
    keptBytesMax: 256 * 1024 * 1024,
    keptForMs: 24 * 60 * 60_000,
  });
});

test("the directory that is swept is not the one where simulated machines live", () => {
  const { workDirectory, simulatedCloudDirectory } = readConfig({});
  expect(`${simulatedCloudDirectory}/`.startsWith(`${workDirectory}/`)).toBe(false);
});

test("an empty variable, as compose makes them, means the default", () => {
  expect(readConfig({ PORT: "", FUNCTIONS_SECRET: "", DOCKER_MACHINE: "" })).toMatchObject({
    port: 8081,
    secret: null,
    dockerMachine: null,
  });
});

test.each([
  [{ PORT: "80a" }, 'PORT must be an integer from 0 to 65535, got "80a"'],
  [{ PORT: "70000" }, 'PORT must be an integer from 0 to 65535, got "70000"'],
  [
    { FUNCTIONS: "create,destroy" },
    'FUNCTIONS must be a comma list of "create" or "bootstrap" or "delete", got "create,destroy"',
  ],
  [{ DEADLINE_MS: "-1" }, /^DEADLINE_MS must be an integer from 1000 to \d+, got "-1"$/],
  [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL must be "trace" or .*, got "loud"$/],
])("%o is refused with variable, expected and got", (environment, message) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(message);
});

test("all that is wrong is told at once", () => {
  expect(() => readConfig({ PORT: "x", DEADLINE_MS: "y" })).toThrow(/PORT .*\nDEADLINE_MS /);
});

test("a secret that is too short is refused without being shown", () => {
  expect(() => readConfig({ FUNCTIONS_SECRET: "hunter2" })).toThrow(
    "FUNCTIONS_SECRET must be a string of 16 to 4096 characters, got a string of 7 characters",
  );
});

test.each(["0.0.0.0", "::", "192.168.1.5", "functions"])("on %s nothing starts without a secret", (host) => {
  expect(() => readConfig({ HOST: host })).toThrow("FUNCTIONS_SECRET must be set");
  expect(readConfig({ HOST: host, FUNCTIONS_SECRET: "0123456789abcdef" }).host).toBe(host);
});

test("a secret may come from a file", () => {
  const path = join(temporaryDirectory(), "secret");
  writeFileSync(path, "0123456789abcdef\n");
  expect(readConfig({ FUNCTIONS_SECRET_FILE: path }).secret).toBe("0123456789abcdef");
  expect(() => readConfig({ FUNCTIONS_SECRET_FILE: `${path}.missing` })).toThrow(
    /^FUNCTIONS_SECRET_FILE must be a file/,
  );
});

test("programs inherit the clouds' variables, and none of our secrets", () => {
  const { environment } = readConfig({
    AWS_PROFILE: "work",
    HTTPS_PROXY: "http://proxy",
    FUNCTIONS_SECRET: "0123456789abcdef",
    API_KEYS: "k",
    SEALING_KEY: "s",
  });
  expect(environment).toEqual({ AWS_PROFILE: "work", HTTPS_PROXY: "http://proxy" });
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["::1", true],
  ["[::1]", true],
  ["127.0.0.1.evil.example", false],
  ["0.0.0.0", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test("the configuration is frozen", () => {
  const config = readConfig({});
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
});
