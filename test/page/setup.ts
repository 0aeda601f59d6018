// Before the page's tests: the page is built from what is here now, and there is a browser.

import { build } from "vite";
import type { TestProject } from "vitest/node";
import { findBrowser } from "./browser.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The path of the browser; null: there is none, and nothing is proven. */
    browserPath: string | null;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const browserPath = findBrowser();
  project.provide("browserPath", browserPath);
  if (!browserPath) {
    console.error("\n!!! NOT RUN: the page in a browser, because there is no Chromium on PATH (or in CHROMIUM).\n");
    return;
  }
  await build({ configFile: new URL("../../relay/ui/vite.config.ts", import.meta.url).pathname });
}
