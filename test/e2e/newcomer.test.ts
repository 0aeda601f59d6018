// What somebody does who has just cloned this: `npm start`, the curl that it prints, and Ctrl-C.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { findProcesses, untilGone } from "./processes.ts";
import { findFreePorts } from "./program.ts";
import { isActiveWithAgent, isDeleted, type Machine, RelayClient } from "./relay-client.ts";

const root = new URL("../..", import.meta.url).pathname;
/** A limit, not a measure: everything is told to end at once. */
const endedMsMax = 10_000;

test("npm start prints an address and a curl that makes a machine, and Ctrl-C ends it all", async () => {
  const started = await npmStart();
  const [curl = ""] = started.text().match(/^ *curl -s .*-d .*$/m) ?? [];
  expect(curl).toContain(started.url);
  const { stdout } = await execa("sh", ["-c", curl]);
  const machine = JSON.parse(stdout) as Machine;
  expect(machine.state).toBe("creating");

  const client = new RelayClient(started.url);
  await client.until(machine.id, isActiveWithAgent);
  await client.ask("DELETE", `/v1/machines/${machine.id}`);
  await client.until(machine.id, isDeleted);

  // As the terminal does: to all that run in its foreground.
  process.kill(-started.child.pid!, "SIGINT");
  // The shell between npm and us may die of the signal itself.
  expect([0, "SIGINT"]).toContain(await started.exit);
  await untilGone(started.processes(), endedMsMax);
});

test("the subscriber of the README, shell and curl, answers in the middle of a machine's life", async () => {
  const started = await npmStart();
  const client = new RelayClient(started.url);
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, script = ""] = /^```sh\n(#!\/bin\/sh\n.*?)^```$/ms.exec(readme) ?? [];
  expect(script.split("\n").length).toBeLessThanOrEqual(30);
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, "dns.sh"), script);
  await writeFile(join(directory, "dns.key"), "authorization: Bearer a-key-of-my-own-choice", { mode: 0o600 });
  await client.ask("PUT", "/v1/handlers/dns", { event: "machine.create", order: 200, key: "a-key-of-my-own-choice" });
  // Asked for before anybody listens: it has to wait, and then goes on.
  const machine = await client.create({ name: "web-1", driver: "simulated" });
  const subscriber = spawn("sh", ["dns.sh", started.url, "dns.key"], {
    cwd: directory,
    detached: true,
    stdio: "ignore",
  });
  onTestFinished(() => void process.kill(-subscriber.pid!, "SIGKILL"));
  const active = await client.until(machine.id, isActiveWithAgent);
  expect(active).toMatchObject({ labels: { dns: "web-1.example.org" } });
});

test("the exit code after Ctrl-C is 0, also where the signal arrives twice", async () => {
  // This shell gives its place to us. So npm, which passes on what the terminal has sent to all, reaches us too.
  const started = await npmStart({ npm_config_script_shell: "bash" });
  process.kill(-started.child.pid!, "SIGINT");
  expect(await started.exit).toBe(0);
  await untilGone(started.processes(), endedMsMax);
});

test.each([
  ["functions/main.ts", "relay/main.ts"],
  ["relay/main.ts", "functions/main.ts"],
  ["relay/start.ts", "relay/main.ts"],
])("when %s is killed, %s ends too", async (killed, other) => {
  const started = await npmStart();
  const before = started.processes();
  const find = (script: string) =>
    before.find(({ commandLine }) => /^(\S*\/)?node /.test(commandLine) && commandLine.endsWith(`${script} `));
  expect(find(other)).toBeDefined();

  process.kill(find(killed)!.id, "SIGKILL");
  expect(await started.exit).not.toBe(0);
  await untilGone(before, endedMsMax);
});

interface Started {
  child: ChildProcess;
  url: string;
  /** Its exit code, or the signal that it died of. */
  exit: Promise<number | NodeJS.Signals>;
  /** All that it has printed. */
  text(): string;
  /** All processes that it started, their children too, whoever is their parent now. */
  processes(): ReturnType<typeof findProcesses>;
}

/** Resolves when it says that it is ready. */
async function npmStart(environment: Record<string, string> = {}): Promise<Started> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  const [relayPort, functionsPort] = await findFreePorts(2);
  // Inherited by everything that it starts, and by nobody else.
  const mark = `machine-relay-e2e-${randomUUID()}`;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: {
      ...{ PATH, HOME, MARK: mark, PORT: String(relayPort), FUNCTIONS_PORT: String(functionsPort) },
      ...{ DATA_DIR: join(directory, "data"), WORK_DIR: join(directory, "work") },
      SIMULATED_CLOUD_DIR: join(directory, "cloud"),
      ...environment,
    },
    // A process group of its own, as a terminal gives it.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const processes = () => findProcesses(mark);
  onTestFinished(async () => {
    for (const { id } of processes()) process.kill(id, "SIGKILL");
    await exit;
    await rm(directory, { recursive: true, force: true });
  });
  let text = "";
  const isReady = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      text += `${line}\n`;
      if (/Ctrl-C stops/.test(line)) resolve(true);
    });
    exit.then(() => resolve(false));
  });
  if (!(await isReady)) throw new Error(`npm start ended with ${await exit}:\n${text}`);
  return { child, url: `http://127.0.0.1:${relayPort}`, exit, text: () => text, processes };
}
