import { expect, test } from "vitest";
import { changeOf, errorsByOption, splitMasked } from "../../../../relay/ui/machine/options-change.ts";

const mask = "********";
const before = {
  region: "nyc3",
  size: "small",
  tags: ["a"],
  backups: true,
  accessToken: mask,
  sshKey: { content: mask },
};

test("a form begins with what can be read, and knows which secrets are kept", () => {
  expect(splitMasked(before)).toEqual({
    values: { region: "nyc3", size: "small", tags: ["a"], backups: true },
    keptSecrets: ["accessToken", "sshKey"],
  });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["nothing", { region: "nyc3", size: "small", tags: ["a"], backups: true }, {}],
  ["another value", { region: "nyc3", size: "large", tags: ["a"], backups: true }, { size: "large" }],
  ["a list", { region: "nyc3", size: "small", tags: ["a", "b"], backups: true }, { tags: ["a", "b"] }],
  ["a new one", { region: "nyc3", size: "small", tags: ["a"], backups: true, image: "x" }, { image: "x" }],
  ["one that is gone", { region: "nyc3", tags: ["a"], backups: true }, { size: null }],
  ["one that was emptied", { region: "nyc3", size: "", tags: ["a"], backups: true }, { size: null }],
  ["a switch", { region: "nyc3", size: "small", tags: ["a"], backups: false }, { backups: false }],
  [
    "a secret that was typed anew",
    { region: "nyc3", size: "small", tags: ["a"], backups: true, accessToken: "new" },
    { accessToken: "new" },
  ],
  [
    "a secret whose field was left empty, or holds its mask",
    { region: "nyc3", size: "small", tags: ["a"], backups: true, accessToken: "", sshKey: { content: mask } },
    {},
  ],
  ["an empty field that was never set", { region: "nyc3", size: "small", tags: ["a"], backups: true, image: "" }, {}],
])("only what changed is sent: %s", (_, values, expected) => {
  expect(changeOf(before, values)).toEqual(expected);
});

test.each([
  [{ field: "driverConfig.size", message: "no such size" }, { size: "no such size" }],
  [{ field: "driver", message: "no" }, {}],
  [{ message: "no" }, {}],
])("an error appears at its option: %j", (error, expected) => {
  expect(errorsByOption(error)).toEqual(expected);
});
