import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Children } from "../../../relay/launcher/children.ts";
import { chooseEnvironments, readFunctionsPort } from "../../../relay/launcher/environments.ts";
import { formatLine } from "../../../relay/launcher/log-lines.ts";
import { welcome } from "../../../relay/launcher/welcome.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "machine-relay-launcher-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function script(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

function collect() {
  const lines: string[] = [];
  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  let waitFor = 2;
  const children = new Children({
    isWatching: false,
    write(line) {
      lines.push(line);
      if (line.endsWith("up")) waitFor -= 1;
      if (waitFor === 0) resolve();
    },
  });
  return { children, lines, isReady };
}

const obeys = `process.on("SIGTERM", () => { console.log("down"); process.exit(0); }); setInterval(() => {}, 1000); console.log("up");`;
const dies = `console.log("up"); process.on("message", () => {}); setTimeout(() => process.exit(3), 300);`;
const deaf = `process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up");`;

test("both are stopped in order, and it ends well", async () => {
  const { children, lines, isReady } = collect();
  const path = await script("obeys.cjs", obeys);
  children.start("one", path, process.env);
  children.start("two", path, process.env);
  await isReady;
  children.stop();
  // npm passes the same Ctrl-C on.
  children.stop();
  expect(await children.ended).toBe(0);
  expect(lines.filter((line) => line.endsWith("down"))).toEqual(["one       | down", "two       | down"]);
});

test("one stops, both stop, and it ends badly", async () => {
  const { children, lines } = collect();
  children.start("one", await script("obeys.cjs", obeys), process.env);
  children.start("two", await script("dies.cjs", dies), process.env);
  expect(await children.ended).toBe(1);
  expect(lines).toContain("two stopped (exit code 3), so everything stops.");
  expect(lines).toContain("one       | down");
});

test("told a second time it kills whoever does not listen", async () => {
  const { children, lines, isReady } = collect();
  children.start("one", await script("deaf.cjs", deaf), process.env);
  children.start("two", await script("obeys.cjs", obeys), process.env);
  await isReady;
  children.stop();
  // Later than npm would pass the first one on.
  while (!lines.includes("one       | no")) await new Promise(setImmediate);
  const again = setInterval(() => children.stop(), 100);
  expect(await children.ended).toBe(1);
  clearInterval(again);
});

test("each gets its own port and the shared secret, and the functions none of the relay's secrets", () => {
  const environment = { HOST: "::1", API_KEYS: "a", SEALING_KEY_FILE: "b", FUNCTIONS_SECRET_FILE: "c", OTHER: "d" };
  const choices = { port: 1, functionsPort: 2, secret: "s", agentAddress: "172.17.0.1:1" };
  const { relay, functions } = chooseEnvironments(environment, choices);
  expect(relay).toEqual({
    ...{ HOST: "::1", API_KEYS: "a", SEALING_KEY_FILE: "b", OTHER: "d", PORT: "1", FUNCTIONS_SECRET: "s" },
    ...{ FUNCTIONS_URL: "http://127.0.0.1:2", AGENT_LISTEN: "172.17.0.1:1" },
  });
  expect(functions).toEqual({ HOST: "127.0.0.1", PORT: "2", FUNCTIONS_SECRET: "s", OTHER: "d" });
  const named = chooseEnvironments({ FUNCTIONS_URL: "http://a" }, { ...choices, agentAddress: null });
  expect([named.relay.FUNCTIONS_URL, "AGENT_LISTEN" in named.relay]).toEqual(["http://a", false]);
  expect(() => readFunctionsPort({ FUNCTIONS_PORT: "no" })).toThrow("FUNCTIONS_PORT must be a whole number");
});

test("a log line is shown as a person reads it, and what is no JSON as it is", () => {
  const time = new Date(2026, 0, 1, 12, 30, 1).toISOString();
  const line = JSON.stringify({ level: 40, time, msg: "slow", path: "/v1/machines", note: "a b" });
  expect(formatLine("relay", line)).toBe('relay     | 12:30:01 WARN slow path=/v1/machines note="a b"');
  expect(formatLine("functions", "{broken")).toBe("functions | {broken");
});

test("the welcome names what was found, how to get what was not, and a curl that fits", () => {
  const found = { name: "docker-machine", version: "0.16.2", path: "/usr/bin/docker-machine" };
  const drivers = [
    { name: "generic", program: found, unavailable: null, isSimulated: false },
    { name: "azure", program: null, unavailable: "npm run get-docker-machine", isSimulated: false },
  ];
  const agents = { agentAddress: "172.17.0.1:1", agentProblem: "Agents cannot reach it." };
  const text = welcome({ url: "http://127.0.0.1:1", hasKeys: true, ...agents, drivers });
  expect(text).toContain("  generic\n    by docker-machine 0.16.2: /usr/bin/docker-machine");
  expect(text).toContain("  Not available: azure\n    npm run get-docker-machine");
  expect(text).toContain('curl -s http://127.0.0.1:1/v1/machines -H "authorization: Bearer $KEY"');
  expect(text).toContain("http://172.17.0.1:1");
  expect(text).toContain("Agents cannot reach it.");
});
