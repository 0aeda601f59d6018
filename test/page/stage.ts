// A real relay and real functions as processes of their own, with the simulated driver, and a real browser that looks at
// them: for the tests, the bench and the screenshots.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { killProcesses } from "../e2e/processes.ts";
import { findFreePorts, Program } from "../e2e/program.ts";
import { RelayClient } from "../e2e/relay-client.ts";
import { startBrowser } from "./browser.ts";

export interface Stage {
  relay: Program;
  functions: Program;
  client: RelayClient;
  browser: Browser;
  /** Below it are the relay's data and the simulated cloud. */
  directory: string;
  /** What the environment of more functions must hold to stand beside these: the same cloud, the same secret. */
  functionsEnvironment: Record<string, string>;
  /** Ends everything and removes its files. */
  remove(): Promise<void>;
}

export interface StageOptions {
  /** For both programs. */
  environment?: Record<string, string>;
  apiKey?: string;
}

export async function openStage(browserPath: string, { environment = {}, apiKey }: StageOptions = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-page-"));
  const [relayPort, functionsPort] = await findFreePorts(2);
  const functionsEnvironment = {
    FUNCTIONS_SECRET: "only-for-the-tests-of-the-page",
    WORK_DIR: join(directory, "work"),
    SIMULATED_CLOUD_DIR: join(directory, "cloud"),
    ...environment,
  };
  const functions = new Program("functions/main.ts", {
    url: `http://127.0.0.1:${functionsPort}`,
    logPath: join(directory, "functions.log"),
    environment: { ...functionsEnvironment, PORT: String(functionsPort) },
  });
  const relay = new Program("relay/main.ts", {
    url: `http://127.0.0.1:${relayPort}`,
    logPath: join(directory, "relay.log"),
    environment: {
      FUNCTIONS_SECRET: functionsEnvironment.FUNCTIONS_SECRET,
      PORT: String(relayPort),
      DATA_DIR: join(directory, "data"),
      FUNCTIONS_URL: functions.url,
      // What was in the middle of a run need not be waited for as long as in a real cloud; a lease is longer than a beat.
      LEASE_MS: "12000",
      SETTLE_MS: "500",
      ...(apiKey ? { API_KEYS: apiKey } : {}),
      ...environment,
    },
  });
  let browser: Browser | null = null;
  const remove = async () => {
    await browser?.close();
    await Promise.all([relay.kill(), functions.kill()]);
    killProcesses(directory);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    [browser] = await Promise.all([startBrowser(browserPath), functions.start(), relay.start()]);
  } catch (error) {
    await remove();
    throw error;
  }
  const client = new RelayClient(relay.url, apiKey ?? null);
  return { relay, functions, client, browser, directory, functionsEnvironment, remove };
}
