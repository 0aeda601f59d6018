import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/page/**", "**/node_modules/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    // Each test file is a process of its own: a leaked handle, child or environment variable cannot reach the next.
    pool: "forks",
  },
});
