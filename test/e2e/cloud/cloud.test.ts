// A cloud leaves nothing: not when it is closed, and not when whoever started it is killed.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { docker } from "../engine.ts";
import { findProcesses, untilGone } from "../processes.ts";
import { startCloud } from "./cloud.ts";
import { cloudMissing } from "./cloud-missing.ts";
import { cloudLabel, cloudNetwork } from "./network.ts";

/** A limit, not a measure. */
const endedMsMax = 10_000;

const starter = `
  import { startCloud } from ${JSON.stringify(new URL("./cloud.ts", import.meta.url).href)};
  await startCloud();
  console.log("started");
`;

describe.skipIf(cloudMissing)("a cloud", () => {
  test("whose starter was killed is gone where it can be, and the next one removes the rest", async () => {
    const mark = `machine-relay-e2e-${randomUUID()}`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", starter], {
      env: { ...process.env, MARK: mark },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(createInterface({ input: child.stdout }), "line");
    expect(await docker(["network", "ls", "--quiet", "--filter", `name=${cloudNetwork}`])).not.toBe("");
    const started = findProcesses(mark);
    expect(started.map(({ commandLine }) => commandLine)).toContainEqual(expect.stringContaining("moto_server.py"));
    child.kill("SIGKILL");
    await untilGone(started, endedMsMax);
    await docker([
      "create",
      "--name",
      "left-behind",
      "--label",
      cloudLabel,
      "--network",
      cloudNetwork,
      "docker:28-cli",
    ]);

    {
      await using cloud = await startCloud();
      expect(await cloud.ec2.now()).toEqual({ instances: [], spotRequests: [], keyPairs: [] });
    }
    expect(await docker(["ps", "--all", "--quiet", "--filter", `label=${cloudLabel}`])).toBe("");
    expect(await docker(["network", "ls", "--quiet", "--filter", `name=${cloudNetwork}`])).toBe("");
    expect(await readdir("/run/machine-relay-cloud")).toEqual([]);
  });
});
