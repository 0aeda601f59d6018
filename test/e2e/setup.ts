// Before and after all end-to-end tests: the engine and its images, where they can be had.
import type { TestProject } from "vitest/node";
import { startEngine, whatIsMissing } from "./engine.ts";
import { makeImages } from "./images.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** What is missing for the tests that need a Docker engine; null: it runs. */
    engineMissing: string | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whatIsMissing();
  project.provide("engineMissing", missing);
  if (missing) {
    console.error(`\n!!! NOT RUN: the tests against a real Docker engine, because there is no ${missing} here.\n`);
    return;
  }
  const engine = await startEngine();
  try {
    await makeImages();
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return () => engine.stop();
}
