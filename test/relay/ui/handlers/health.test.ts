import { expect, test } from "vitest";
import { describeHealth, isGood } from "../../../../relay/ui/handlers/health.ts";
import { check, handler } from "./handler.ts";

const url = "http://functions.example/create";

test.each([
  ["nobody has looked", handler(), undefined, "looking…", null],
  ["the look was at another URL", handler(), { url: "http://old.example/", check: check() }, "looking…", null],
  ["all is well", handler(), { url, check: check() }, "healthy", null],
  ["it keeps no leases", handler(), { url, check: check({ keepsLeases: false }) }, "healthy", /no leases/],
  [
    "nobody answers there",
    handler(),
    { url, check: check({ isReachable: false, isReady: null, problem: "refused" }) },
    "unreachable",
    /refused/,
  ],
  [
    "it is stopping",
    handler(),
    { url, check: check({ isReady: false, problem: "stopping" }) },
    "not ready",
    /stopping/,
  ],
  ["a web page answers", handler(), { url, check: check({ problem: "a web page" }) }, "not usable", /web page/],
  ["the relay does not answer", handler(), { url, error: "The relay does not answer." }, "not known", /relay/],
  ["somebody listens", handler({ url: null, isHeard: true }), undefined, "listening", null],
  ["nobody listens", handler({ url: null, isHeard: false }), undefined, "nobody listens", /wait/],
])("health: %s", (_, shown, look, word, detail) => {
  const health = describeHealth(shown, look);
  expect(health.word).toBe(word);
  if (detail === null) expect(health.detail).toBeNull();
  else expect(health.detail).toMatch(detail);
});

test.each([
  ["reachable, ready, no problem", {}, true],
  ["unreachable", { isReachable: false }, false],
  ["not ready", { isReady: false }, false],
  ["nobody knows whether it is ready", { isReady: null }, false],
  ["a problem", { problem: "a web page" }, false],
])("is a test a good one? %s", (_, differences, expected) => {
  expect(isGood(check(differences))).toBe(expected);
});
