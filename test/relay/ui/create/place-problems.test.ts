import { expect, test } from "vitest";
import { ApiError } from "../../../../relay/ui/client/ask.ts";
import { placeProblems } from "../../../../relay/ui/create/place-problems.ts";

const problem = (field: string | undefined, detail = "no") =>
  new ApiError({ status: 422, code: "x", detail, ...(field === undefined ? {} : { field }) });

test.each([
  ["name", { name: "no" }],
  ["driver", { driver: "no" }],
  ["labels.tier", { labels: "no" }],
  ["driverConfig.region", { options: { region: "no" } }],
  ["driverConfig.ports.0", { options: { ports: "no" } }],
  ["engine.environment.HTTP_PROXY", { engine: { environment: "no" } }],
])("a problem with %s stands there", (field, mistakes) => {
  expect(placeProblems([problem(field)])).toEqual({ mistakes: { options: {}, engine: {}, ...mistakes }, others: [] });
});

test.each([undefined, "idempotency-key", "driverConfig", "body"])("one with %s belongs to no field", (field) => {
  const error = problem(field);
  expect(placeProblems([error, problem(field)])).toEqual({ mistakes: { options: {}, engine: {} }, others: [error] });
});

test("the same reason is said once, different ones all", () => {
  const { mistakes } = placeProblems([
    problem("name", "a is taken"),
    problem("name", "a is taken"),
    problem("name", "b"),
  ]);
  expect(mistakes.name).toBe("a is taken. b");
});
