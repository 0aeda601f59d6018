// What every test of the page starts from: a real relay and real functions as processes of their own, the simulated
// driver, and a real browser that looks at them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, inject, onTestFinished } from "vitest";
import { findProcesses } from "../e2e/processes.ts";
import { findFreePorts, Program } from "../e2e/program.ts";
import { RelayClient } from "../e2e/relay-client.ts";
import { startBrowser } from "./browser.ts";

export interface Scene {
  relay: Program;
  functions: Program;
  client: RelayClient;
  browser: Browser;
  /** Below it are the relay's data and the simulated cloud. */
  directory: string;
  /** What the environment of more functions must hold to stand beside these: the same cloud, the same secret. */
  functionsEnvironment: Record<string, string>;
  /** A new page in a browser of its own, at this path; it ends with the test, which fails if the page had an error. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

export interface SceneOptions {
  /** For both programs. */
  environment?: Record<string, string>;
  apiKey?: string;
}

const browserPath = inject("browserPath");

/** A `describe` with a scene of its own; without a browser it is skipped, and the set-up has said so loudly. */
export function describePage(name: string, options: SceneOptions, tests: (scene: Scene) => void): void {
  describe.skipIf(!browserPath)(name, () => {
    const scene = {} as Scene;
    let remove = async () => {};
    beforeAll(async () => {
      const made = await startScene(options);
      remove = made.remove;
      Object.assign(scene, made.scene);
    });
    afterAll(() => remove());
    tests(scene);
  });
}

async function startScene({ environment = {}, apiKey }: SceneOptions) {
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
      // What was in the middle of a run need not be waited for as long as in a real cloud.
      LEASE_MS: "3000",
      SETTLE_MS: "500",
      ...(apiKey ? { API_KEYS: apiKey } : {}),
      ...environment,
    },
  });
  let browser: Browser | null = null;
  const remove = async () => {
    await browser?.close();
    await Promise.all([relay.kill(), functions.kill()]);
    for (const { id } of findProcesses(directory)) process.kill(id, "SIGKILL");
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [started] = await Promise.all([startBrowser(browserPath as string), functions.start(), relay.start()]);
    browser = started;
  } catch (error) {
    await remove();
    throw error;
  }
  const scene: Scene = {
    ...{ relay, functions, browser, directory, functionsEnvironment },
    client: new RelayClient(relay.url, apiKey ?? null),
    open: (path, options) => openPage(started(browser), relay.url, path, options),
  };
  return { scene, remove };
}

const started = (browser: Browser | null) => browser as Browser;

async function openPage(browser: Browser, url: string, path = "/", options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    // Requests that fail are part of some tests; what the page's policy forbids, or its script throws, never is.
    if (message.type() === "error" && !/^Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    if (faults.length > 0) throw new Error(`the page had errors:\n${faults.join("\n")}`);
  });
  await page.goto(url + path);
  return page;
}
