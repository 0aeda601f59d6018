import { expect, test } from "vitest";
import { isLoopback, readConfig, urlOf } from "../../relay/config.ts";

const key = "0123456789abcdef";

test("nothing set is a relay on the loopback, and an empty value is as good as none", () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    dataDirectory: "./data",
    apiKeys: [],
    functionsUrl: "http://127.0.0.1:8081",
    silenceMs: 15_000,
    agentImage: "docker:28-cli",
    publicUrl: null,
  });
  expect(readConfig({ PORT: "", API_KEYS: " ", PUBLIC_URL: "", SILENCE_MS: "" })).toEqual(config);
  expect(Object.isFrozen(config)).toBe(true);
});

test("every kind of value is read", () => {
  const config = readConfig({
    ...{ HOST: "::", PORT: "0", API_KEYS: `${key}, ${key}2`, PUBLIC_URL: "https://relay.example/", LEASE_MS: "500" },
    ...{ AGENT_LISTEN: "[::1]:90", AGENT_COMMAND: '["sh","-c","a b"]', AGENT_VOLUMES: "/a:/a,/b:/b" },
    AGENT_ENVIRONMENT: "A=1=2,B=",
  });
  expect(config).toMatchObject({
    ...{ host: "::", port: 0, apiKeys: [key, `${key}2`], publicUrl: "https://relay.example", leaseMs: 500 },
    ...{ agentListen: { host: "::1", port: 90 }, agentCommand: ["sh", "-c", "a b"], agentVolumes: ["/a:/a", "/b:/b"] },
    agentEnvironment: { A: "1=2", B: "" },
  });
  expect(readConfig({ AGENT_COMMAND: "sleep 5" }).agentCommand).toEqual(["sleep", "5"]);
  expect(readConfig({ AGENT_ENVIRONMENT: '{"A":"x,y"}' }).agentEnvironment).toEqual({ A: "x,y" });
});

test.for([
  ["PORT", "abc", 'PORT must be a whole number from 0 to 65535, got "abc"'],
  ["PORT", "65536", 'PORT must be a whole number from 0 to 65535, got "65536"'],
  ["SILENCE_MS", "0", "SILENCE_MS must be a whole number from 1 to"],
  ["LEASE_MS", "1.5", "LEASE_MS must be a whole number"],
  ["HOST", "300.1.1", "HOST must be an IP address or a host name"],
  ["HOST", "a b", "HOST must be an IP address"],
  ["PUBLIC_URL", "relay", 'PUBLIC_URL must be an http or https URL without user and password, got "relay"'],
  ["PUBLIC_URL", "ftp://relay", "PUBLIC_URL must be an http"],
  ["AGENT_LISTEN", "172.17.0.1", "AGENT_LISTEN must be host:port"],
  ["AGENT_LISTEN", "172.17.0.1:99999", "AGENT_LISTEN must be host:port"],
  ["AGENT_COMMAND", "[1]", "AGENT_COMMAND must be words"],
  ["AGENT_ENVIRONMENT", "A", "AGENT_ENVIRONMENT must be NAME=value"],
  ["LOG_LEVEL", "loud", "LOG_LEVEL must be one of trace"],
] as const)("%s=%s is refused: it says what was expected, and what was got", ([variable, value, message]) => {
  expect(() => readConfig({ [variable]: value })).toThrow(
    expect.objectContaining({ code: "config.invalid", field: variable, message: expect.stringContaining(message) }),
  );
});

test("a secret that is wrong is not repeated", () => {
  for (const variable of ["API_KEYS", "FUNCTIONS_SECRET"]) {
    expect(() => readConfig({ [variable]: "hunter2" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  }
});

test("a secret may come from a file, one key on each line", () => {
  const readFile = (path: string) => `${path.padEnd(16, "x")}\n${key}\n`;
  expect(readConfig({ API_KEYS_FILE: "/keys" }, readFile).apiKeys).toEqual(["/keysxxxxxxxxxxx", key]);
  expect(readConfig({ FUNCTIONS_SECRET_FILE: "/secret" }, () => `${key}\n`).functionsSecret).toBe(key);
  expect(readConfig({ SEALING_KEY_FILE: "/sealing" }, () => "abc\n").sealingKey).toBe("abc");
  expect(() => readConfig({ API_KEYS_FILE: "/keys" }, () => "\n")).toThrow(
    "API_KEYS_FILE must be a file with the secret",
  );
  expect(() => readConfig({ API_KEYS_FILE: "/does/not/exist" })).toThrow('"/does/not/exist" (ENOENT)');
});

test("off the loopback it wants keys", () => {
  for (const HOST of ["0.0.0.0", "::", "192.168.1.2", "relay.example"]) {
    expect(() => readConfig({ HOST })).toThrow(expect.objectContaining({ field: "API_KEYS" }));
    expect(readConfig({ HOST, API_KEYS: key }).host).toBe(HOST);
  }
  for (const HOST of ["127.0.0.2", "::1", "localhost"]) expect(readConfig({ HOST }).host).toBe(HOST);
});

test("a loopback address is told from one that only looks like it, and IPv6 wants brackets in a URL", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "localhost"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(["127.0.0.1.example", "0.0.0.0", "10.0.0.1", "localhost.example"].map(isLoopback)).toEqual(
    Array(4).fill(false),
  );
  expect([urlOf("::1", 80), urlOf("127.0.0.1", 80)]).toEqual(["http://[::1]:80", "http://127.0.0.1:80"]);
});
