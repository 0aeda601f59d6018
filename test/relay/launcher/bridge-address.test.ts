import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readConfig } from "../../../relay/config.ts";
import { findBridgeAddress } from "../../../relay/launcher/bridge-address.ts";
import { requireFreePort } from "../../../relay/launcher/ports.ts";

let directory: string;
let port: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "machine-relay-bridge-"));
  port = await requireFreePort({ host: "127.0.0.1", port: 0, variable: "PORT" });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

/** A docker that does this. */
async function useDocker(script: string): Promise<void> {
  const path = join(directory, "docker");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv("DOCKER", path);
}

test("the bridge of an engine on this machine is where its hosts reach us", async () => {
  await useDocker("printf '\\n198.51.100.1\\n127.0.0.1\\n'");
  expect(await findBridgeAddress(readConfig({}), port)).toBe(`127.0.0.1:${port}`);
});

test.runIf(process.platform === "linux")(
  "an address that the system does not list, because nothing is connected there, is one all the same",
  async () => {
    // Of the loopback network, and on no interface's list.
    await useDocker("echo 127.77.0.1");
    expect(await findBridgeAddress(readConfig({}), port)).toBe(`127.77.0.1:${port}`);
  },
);

test("an address of another machine is not", async () => {
  await useDocker("echo 198.51.100.1");
  expect(await findBridgeAddress(readConfig({}), port)).toBeNull();
});

test("no engine, and one that fails or hangs, is none", async () => {
  vi.stubEnv("DOCKER", join(directory, "nothing"));
  expect(await findBridgeAddress(readConfig({}), port)).toBeNull();
  await useDocker("echo no daemon >&2; exit 1");
  expect(await findBridgeAddress(readConfig({}), port)).toBeNull();
  await useDocker("exec sleep 60");
  expect(await findBridgeAddress(readConfig({}), port)).toBeNull();
});

test("whoever said where agents reach the relay is not second-guessed", async () => {
  await useDocker("echo 127.0.0.1");
  const key = "0123456789abcdef";
  const said: Record<string, string>[] = [
    { AGENT_LISTEN: "127.0.0.1:1" },
    { PUBLIC_URL: "http://a" },
    { HOST: "0.0.0.0", API_KEYS: key },
  ];
  for (const environment of said) {
    expect(await findBridgeAddress(readConfig(environment), port)).toBeNull();
  }
});
