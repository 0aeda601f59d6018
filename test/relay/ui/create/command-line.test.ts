import { expect, test } from "vitest";
import { formatCommand } from "../../../../relay/ui/create/command-line.ts";

test.each([
  [["docker-machine", "create", "-d", "none", "web-1"], [], "docker-machine create -d none \\\n  web-1"],
  [["a", "it's here", "", "b"], [], "a 'it'\\''s here' '' \\\n  b"],
  [
    ["a", "--key", "********", "--glob", "*", "b"],
    ["TOKEN"],
    "TOKEN=******** \\\na \\\n  --key ******** \\\n  --glob '*' \\\n  b",
  ],
])("%j", (command, environment, text) => {
  expect(formatCommand(command, environment)).toBe(text);
});
