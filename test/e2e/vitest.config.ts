import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: "test/e2e/setup.ts",
    // Whole machines are made: generous, so that it fails for a reason and not for a slow disk.
    testTimeout: 10 * minute,
    hookTimeout: 10 * minute,
    teardownTimeout: 2 * minute,
    // One engine, one bridge, two cores: one after the other.
    fileParallelism: false,
    pool: "forks",
    passWithNoTests: false,
  },
});
