import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkNewHandler, type NewHandler, subscribeLines, toRow } from "../../../../relay/ui/handlers/new-handler.ts";
import { newId } from "../../../../relay/ui/parts/new-id.ts";

const form = (differences: Partial<NewHandler> = {}): NewHandler => ({
  name: "dns",
  event: "machine.create",
  order: "200",
  way: "bus",
  url: "",
  key: "a-key-of-my-own-choice",
  ...differences,
});

test.each([
  ["a good one that listens", {}, []],
  ["a good one at a URL", { way: "url" as const, url: "http://dns.example/", key: "short" }, []],
  ["no name", { name: "" }, ["name"]],
  ["capitals", { name: "Dns" }, ["name"]],
  ["a name that is taken", { name: "create" }, ["name"]],
  ["no number", { order: "first" }, ["order"]],
  ["below zero", { order: "-5" }, []],
  ["no URL", { way: "url" as const, url: "  " }, ["url"]],
  ["a short key", { key: "short" }, ["key"]],
  ["a key with a space", { key: "a key of sixteen characters" }, ["key"]],
  ["an operator's key", { key: "" }, []],
])("the form: %s", (_, differences, wrong) => {
  expect(Object.keys(checkNewHandler(form(differences), ["create"]))).toEqual(wrong);
});

test.each([
  ["one that listens", {}, { event: "machine.create", order: 200, url: null, key: "a-key-of-my-own-choice" }],
  ["one without a key of its own", { key: "" }, { event: "machine.create", order: 200, url: null }],
  [
    "one at a URL needs no key",
    { way: "url" as const, url: " http://dns.example/ " },
    { event: "machine.create", order: 200, url: "http://dns.example/" },
  ],
])("the row: %s", (_, differences, row) => {
  expect(toRow(form(differences))).toEqual(row);
});

test("a key that is made here is one that the API takes, and never the same", () => {
  expect(checkNewHandler(form({ key: newId() }), [])).toEqual({});
  expect(newId()).not.toBe(newId());
});

test("the key goes into a file as it is, whatever is in it, and is in no other line", () => {
  const key = "it's-a-%s-$(key)-of-\\n";
  const lines = subscribeLines(form({ key }), "http://relay.example");
  const shown = execFileSync("sh", ["-c", (lines.keep ?? "").replace(">dns.key", "")], { encoding: "utf8" });
  expect(shown).toBe(`authorization: Bearer ${key}\n`);
  expect(lines.listen + lines.answer).not.toContain(key);
  expect(lines.listen).toBe(
    "curl -sN http://relay.example/v1/subscribe -H @dns.key -d 'eventNames=machine.create;handler=dns'",
  );
});

test("without a key of its own there is no file", () => {
  const lines = subscribeLines(form({ key: "" }), "http://relay.example");
  expect(lines.keep).toBeNull();
  expect(lines.listen + lines.answer).not.toContain("@dns.key");
});
