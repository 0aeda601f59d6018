import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/page/**/*.test.ts"],
    globalSetup: "test/page/setup.ts",
    // Whole machines are made, in a browser on a busy machine: a limit, not a measure.
    testTimeout: 2 * minute,
    hookTimeout: 2 * minute,
    // Two cores, and a browser is several processes.
    fileParallelism: false,
    pool: "forks",
    passWithNoTests: false,
  },
});
