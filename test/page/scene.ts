// What every test of the page starts from: a stage of its own for each `describe`, a new browser context for each page.
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, inject, onTestFinished } from "vitest";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

export interface Scene extends Stage {
  /**
   * A new page in a browser of its own, at this path of the relay (or of `baseURL`); it ends with the test, which fails
   * if the page had an error.
   */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

const browserPath = inject("browserPath");

/** A `describe` with a stage of its own; without a browser it is skipped, and the set-up has said so loudly. */
export function describePage(name: string, options: StageOptions, tests: (scene: Scene) => void): void {
  describe.skipIf(!browserPath)(name, () => {
    const scene = {} as Scene;
    beforeAll(async () => {
      const stage = await openStage(browserPath as string, options);
      Object.assign(scene, stage, {
        open: (path?: string, contextOptions?: BrowserContextOptions) => openPage(stage, path, contextOptions),
      });
    });
    afterAll(() => scene.remove?.());
    tests(scene);
  });
}

async function openPage({ browser, relay }: Stage, path = "/", options: BrowserContextOptions = {}): Promise<Page> {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", ...options });
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
  await page.goto((options.baseURL ?? relay.url) + path);
  return page;
}
