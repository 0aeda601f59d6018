// A create in Python, in place of ours: it keeps the same contract, and makes a machine that our bootstrap and delete take
// over.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../engine.ts";
import { findFreePorts, Program } from "../program.ts";
import { isActiveWithAgent, isDeleted, isFailed, RelayClient } from "../relay-client.ts";
import { type Target, testContract } from "./contract.ts";

const python = findProgram("python3");
if (!python) console.error("\n!!! NOT RUN: a function in another language, because there is no python3 here.\n");
const script = new URL("create.py", import.meta.url).pathname;
const dockerMachine = new URL("../../../functions/bundled/simulated/docker-machine.ts", import.meta.url).pathname;
const secret = "a-secret-of-both-sides";

describe.skipIf(!python)("a function in another language", () => {
  let directory: string;
  let functions: Program;
  let relay: Program;
  let theirs: ChildProcess;
  let client: RelayClient;
  let targets: Record<"ours" | "in Python", Target>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
    const [relayPort, functionsPort, pythonPort] = await findFreePorts(3);
    const cloud = { SIMULATED_CLOUD_DIR: join(directory, "cloud") };
    const shared = { FUNCTIONS_SECRET: secret, ...cloud };
    functions = new Program("functions/main.ts", {
      url: `http://127.0.0.1:${functionsPort}`,
      logPath: join(directory, "functions.log"),
      environment: { ...shared, PORT: String(functionsPort), WORK_DIR: join(directory, "work") },
    });
    relay = new Program("relay/main.ts", {
      url: `http://127.0.0.1:${relayPort}`,
      logPath: join(directory, "relay.log"),
      environment: {
        ...{ FUNCTIONS_SECRET: secret, PORT: String(relayPort), DATA_DIR: join(directory, "data") },
        FUNCTIONS_URL: functions.url,
      },
    });
    theirs = spawn(python!, [script], {
      env: {
        ...shared,
        PORT: String(pythonPort),
        PATH: process.env.PATH,
        SIMULATED: `${process.execPath} ${dockerMachine}`,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await Promise.all([functions.start(), relay.start(), once(createInterface({ input: theirs.stdout! }), "line")]);
    client = new RelayClient(relay.url);
    targets = {
      ours: { url: `${functions.url}/create`, secret },
      "in Python": { url: `http://127.0.0.1:${pythonPort}/create`, secret },
    };
  });
  afterAll(async () => {
    theirs?.kill();
    await Promise.all([relay?.kill(), functions?.kill()]);
    await rm(directory, { recursive: true, force: true });
  });

  describe.each(["ours", "in Python"] as const)("%s", (name) => {
    testContract(() => targets[name]);
  });

  describe("in place of ours", () => {
    beforeAll(async () => {
      const { url } = targets["in Python"];
      expect(await client.json("POST", "/v1/handlers/create/check", { url })).toMatchObject({
        ...{ isReachable: true, isReady: true, version: "python", keepsLeases: false, problem: null },
      });
      await client.ask("PUT", "/v1/handlers/create", { event: "machine.create", order: 100, url });
    });

    test("makes a machine that becomes active, whose agent reports in, and that our delete removes", async () => {
      const { id } = await client.create({ name: "snake-1", driver: "simulated" });
      const machine = await client.until(id, isActiveWithAgent);
      expect(machine.hasArchive).toBe(true);
      const history = await client.history(id);
      expect(history.map(({ message }) => message)).toContain("snake-1 is created, in Python");
      await client.ask("DELETE", `/v1/machines/${id}`);
      await client.until(id, isDeleted);
    });

    test("fails in the driver's words", async () => {
      const driverConfig = { failAt: "creating", failMessage: "Quota exceeded" };
      const { id } = await client.create({ name: "snake-2", driver: "simulated", driverConfig });
      expect((await client.until(id, isFailed)).error?.message).toContain("Quota exceeded");
      await client.ask("DELETE", `/v1/machines/${id}`);
      await client.until(id, isDeleted);
    });
  });
});
