// Options in a table, containers in theirs.
import { expect, test } from "vitest";
import { isLate, shortId, sortContainers } from "../../../../relay/ui/machine/agent/containers.ts";
import { optionRows } from "../../../../relay/ui/machine/details/options.ts";

test("options are rows, however they are nested", () => {
  expect(
    optionRows({
      region: "nyc3",
      isFast: true,
      accessToken: "********",
      mirrors: ["a", "b"],
      environment: { HTTP_PROXY: "x" },
      none: [],
    }),
  ).toEqual([
    ["accessToken", "********"],
    ["environment.HTTP_PROXY", "x"],
    ["isFast", "true"],
    ["mirrors", "a"],
    ["mirrors", "b"],
    ["region", "nyc3"],
  ]);
});

test("containers that run come first, by name", () => {
  const named = (name: string, state: string) => ({ name, state });
  const sorted = sortContainers([named("web-10", "running"), named("a", "exited"), named("web-2", "running")]);
  expect(sorted.map(({ name }) => name)).toEqual(["web-2", "web-10", "a"]);
  expect(shortId("sha256:0123456789abcdef")).toBe("0123456789ab");
});

test.each([
  ["active", "waiting", 61_000, true],
  ["active", "waiting", 59_000, false],
  ["active", "connected", 61_000, false],
  ["bootstrapping", "waiting", 61_000, false],
] as const)("a machine that is %s with an agent that is %s for %i ms: late is %j", (state, agentState, ms, late) => {
  const agent = { state: agentState, lastSeen: null, engineVersion: null, containers: [] };
  expect(isLate({ state, updatedAt: 1_000, agent }, 1_000 + ms)).toBe(late);
});
