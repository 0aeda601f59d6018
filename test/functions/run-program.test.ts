// Real programs under the real supervisor.
import { getEventListeners } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { logLineCharactersMax } from "../../functions/contract.ts";
import { Lease } from "../../functions/invocations/lease.ts";
import { isGroupEmpty } from "../../functions/programs/process-group.ts";
import { collectedCharactersMax } from "../../functions/programs/program-output.ts";
import { type ProgramSurroundings, runProgram } from "../../functions/programs/run-program.ts";
import type { ProgramOptions } from "../../functions/work.ts";

let directory: string;
let controller: AbortController;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "run-program-"));
  controller = new AbortController();
});
afterEach(() => {
  controller.abort();
  rmSync(directory, { recursive: true });
});

const minute = 60_000;
const environment = { PATH: process.env.PATH! };

function run(
  command: readonly string[],
  options: ProgramOptions = {},
  surroundings: Partial<ProgramSurroundings> = {},
) {
  return runProgram(command, options, {
    directory,
    environment,
    signal: controller.signal,
    lease: null,
    ...surroundings,
  });
}
const shell = (script: string) => ["sh", "-c", script];
/** Prints its process id, which is its group, then sleeps on with a child and a grandchild of the same group. */
const family = shell("sh -c 'sleep 1000 & sleep 1000' & echo group $$; wait");

/** Runs the family; `whenThere` is called with its group as soon as it has said so. */
async function runFamily(whenThere: (group: number) => void, options: ProgramOptions = {}, more = {}) {
  let group = 0;
  const onLine = (_: string, line: string) => {
    group = Number(line.split(" ")[1]);
    expect(isGroupEmpty(group)).toBe(false);
    whenThere(group);
  };
  const result = await run(family, { ...options, onLine }, more);
  return { result, isEmpty: isGroupEmpty(group), group };
}

test("a program's exit code and both of its streams are told", async () => {
  expect(await run(shell("echo out; echo err >&2; exit 3"))).toEqual({
    exitCode: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    endedBy: null,
    startError: null,
  });
});

test("a program runs in the directory of its invocation, with the inherited variables and its own on top", async () => {
  const result = await run(
    shell("pwd; echo $A $B"),
    { environment: { B: "own" } },
    { environment: { ...environment, A: "inherited", B: "other" } },
  );
  expect(result.stdout).toBe(`${directory}\ninherited own\n`);
});

test("a program sees no variable of the functions' own that it was not given", async () => {
  process.env.FUNCTIONS_SECRET = "must-not-be-seen";
  try {
    expect((await run(["env"])).stdout).not.toContain("FUNCTIONS_SECRET");
  } finally {
    delete process.env.FUNCTIONS_SECRET;
  }
});

test("a program that dies by a signal says by which, and that it was nobody of us", async () => {
  expect(await run(shell("kill -TERM $$"))).toMatchObject({ exitCode: null, signal: "SIGTERM", endedBy: null });
});

test("a program that does not exist is a start error, not an exception", async () => {
  expect(await run(["/does/not/exist"])).toMatchObject({ startError: "ENOENT", exitCode: null, signal: null });
});

test("a program that is not executable is a start error", async () => {
  const path = join(directory, "program");
  writeFileSync(path, "#!/bin/sh\n");
  expect(await run([path])).toMatchObject({ startError: "EACCES" });
  chmodSync(path, 0o755);
  expect(await run([path])).toMatchObject({ startError: null, exitCode: 0 });
});

test("arguments that no kernel would take are a start error", async () => {
  expect(await run(["echo", "x".repeat(4_000_000)])).toMatchObject({ startError: "E2BIG", exitCode: null });
});

test("an abort kills the whole group, grandchildren too, and waits until it is empty", async () => {
  const { result, isEmpty } = await runFamily(() => controller.abort());
  expect(result).toMatchObject({ endedBy: "stop", signal: "SIGKILL", exitCode: null });
  expect(isEmpty).toBe(true);
});

test("a program that ignores TERM is killed all the same", async () => {
  const result = await run(shell("trap '' TERM INT HUP; echo ready; while :; do sleep 0.01; done"), {
    onLine: () => controller.abort(),
  });
  expect(result).toMatchObject({ endedBy: "stop", signal: "SIGKILL" });
});

test("a timeout ends the whole group and is named as the reason", async () => {
  const { result, isEmpty } = await runFamily(() => undefined, { timeoutMs: 2000 });
  expect(result).toMatchObject({ endedBy: "timeout", signal: "SIGKILL" });
  expect(isEmpty).toBe(true);
});

test("the first cause wins: an abort after the timeout changes nothing", async () => {
  const result = run(["sleep", "1000"], { timeoutMs: 1 });
  setTimeout(() => controller.abort(), 2);
  expect(await result).toMatchObject({ endedBy: "timeout" });
});

test("nothing is started after an abort", async () => {
  controller.abort();
  expect(await run(shell("touch started"))).toMatchObject({ endedBy: "stop", startError: null });
  expect(() => readFileSync(join(directory, "started"))).toThrow("ENOENT");
});

test("nothing is started after the end of the lease, though nobody has noticed it yet", async () => {
  const lease = new Lease(100, performance.now() - 100);
  expect(await run(shell("touch started"), {}, { lease })).toMatchObject({ endedBy: "stop", startError: null });
  expect(() => readFileSync(join(directory, "started"))).toThrow("ENOENT");
});

test("the end of the lease kills the group without a word from the function", async () => {
  const lease = new Lease(2000, performance.now());
  const { result, isEmpty } = await runFamily(() => undefined, {}, { lease });
  expect(result).toMatchObject({ endedBy: "stop", signal: "SIGKILL" });
  expect(lease.hasEnded(performance.now())).toBe(true);
  expect(isEmpty).toBe(true);
});

test("a renewal reaches the program's supervisor: it lives on past the first end of its lease", async () => {
  const lease = new Lease(2000, performance.now());
  const firstEnd = lease.endsAt;
  let wasAliveAfterFirstEnd = false;
  const result = await run(
    shell("echo up; while :; do sleep 0.05; echo tick; done"),
    {
      onLine: (_, line) => {
        if (line === "up") {
          lease.noteBeat(1, performance.now() + minute);
          lease.renew(1, performance.now());
        } else if (performance.now() > firstEnd + 100) {
          wasAliveAfterFirstEnd = true;
          controller.abort();
        }
      },
    },
    { lease },
  );
  expect(wasAliveAfterFirstEnd).toBe(true);
  expect(result.endedBy).toBe("stop");
});

test("what a program leaves behind in its group is killed before the result is given", async () => {
  const result = await run(shell("sleep 1000 & echo $$"));
  expect(result).toMatchObject({ exitCode: 0, endedBy: null });
  expect(isGroupEmpty(Number(result.stdout))).toBe(true);
});

test("last words of a process that outlives its parent for a moment are collected", async () => {
  const result = await run(shell("(sleep 0.1; echo last words) & echo first"));
  expect(result.stdout).toBe("first\nlast words\n");
});

test("a process that left the group and holds the streams delays the result only for so long", async () => {
  const result = await run(shell("setsid sh -c 'echo $$; exec sleep 30' & sleep 0.3; echo done"));
  expect(result.exitCode).toBe(0);
  const [pid] = result.stdout.split("\n");
  expect(result.stdout).toContain("done");
  process.kill(Number(pid), "SIGKILL");
});

test("a killed supervisor takes its program along", async () => {
  const { result, isEmpty } = await runFamily((group) => {
    const status = readFileSync(`/proc/${group}/stat`, "latin1");
    process.kill(Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]), "SIGKILL");
  });
  expect(result).toMatchObject({ exitCode: null, signal: "SIGKILL", endedBy: null });
  expect(isEmpty).toBe(true);
});

test("signals that mean the functions do not reach the program or its supervisor", async () => {
  const { result } = await runFamily((group) => {
    const status = readFileSync(`/proc/${group}/stat`, "latin1");
    const supervisor = Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(supervisor, signal);
    expect(isGroupEmpty(group)).toBe(false);
    setTimeout(() => controller.abort(), 50);
  });
  expect(result.endedBy).toBe("stop");
});

test("bytes that are no UTF-8 come out as replacement characters", async () => {
  const lines: string[] = [];
  const result = await run(["printf", "caf\\351 \\360\\237\\230\\200 ok"], { onLine: (_, line) => lines.push(line) });
  expect(result.stdout).toBe("caf\uFFFD 😀 ok");
  expect(lines).toEqual(["caf\uFFFD 😀 ok"]);
});

test("a progress bar's carriage returns end lines", async () => {
  const lines: string[] = [];
  await run(["printf", "10%%\\r20%%\\r\\n30%%\\n"], { onLine: (_, line) => lines.push(line) });
  expect(lines).toEqual(["10%", "20%", "30%"]);
});

test("a line without an end is cut, and says so", async () => {
  const lines: string[] = [];
  const result = await run(shell("head -c 100000 /dev/zero | tr '\\0' x"), { onLine: (_, line) => lines.push(line) });
  expect(lines).toEqual([
    `${"x".repeat(logLineCharactersMax)}… (${100_000 - logLineCharactersMax} more characters cut)`,
  ]);
  expect(result.stdout).toHaveLength(100_000);
});

test("of many megabytes start and end are collected, and every line is told", async () => {
  let count = 0;
  const result = await run(shell("seq 1 1000000"), { onLine: () => count++ });
  expect(count).toBe(1_000_000);
  expect(result.stdout.startsWith("1\n2\n3\n")).toBe(true);
  expect(result.stdout.endsWith("999999\n1000000\n")).toBe(true);
  expect(result.stdout).toMatch(/\n… \(\d+ characters left out\) …\n/);
  expect(result.stdout.length).toBeLessThan(2 * collectedCharactersMax + 100);
});

test("nobody listens to signal or lease any more when a program is over", async () => {
  let listeners = 0;
  const lease = {
    endsAt: performance.now() + minute,
    onRenewed: () => {
      listeners += 1;
      return () => {
        listeners -= 1;
      };
    },
  };
  await run(["true"], { onLine: () => undefined }, { lease });
  expect(listeners).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
