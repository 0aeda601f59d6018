import { expect, test } from "vitest";
import { formatCommand } from "../../../../relay/ui/create/command-line.ts";

test.each([
  [["docker-machine", "create", "--driver", "none", "web-1"], [], "docker-machine create --driver none web-1"],
  [["a", "it's here", ""], [], "a 'it'\\''s here' ''"],
  [["a", "--key", "********", "*"], ["TOKEN"], "TOKEN=******** a --key ******** '*'"],
])("%j", (command, environment, text) => {
  expect(formatCommand(command, environment)).toBe(text);
});
