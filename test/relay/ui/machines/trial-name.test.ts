import { expect, test } from "vitest";
import { nextTrialName } from "../../../../relay/ui/machines/trial-name.ts";

test.each([
  [[], "try-1"],
  [["web-1", "try-2"], "try-1"],
  [["try-1", "try-2", "try-4"], "try-3"],
])("after %j comes %s", (taken, name) => {
  expect(nextTrialName(taken)).toBe(name);
});
