import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { defaultTab, isTab, type TabName, tabAfter } from "../../../../relay/ui/machine/tabs.ts";

test.each<[MachineView["state"], TabName]>([
  ["creating", "log"],
  ["error", "log"],
  ["active", "connect"],
  ["deleting", "log"],
  ["deleted", "log"],
])("a machine that is %s shows its %s first", (state, expected) => {
  expect(defaultTab({ state })).toBe(expected);
});

test.each<[TabName, string, TabName | null]>([
  ["log", "ArrowRight", "history"],
  ["details", "ArrowRight", "log"],
  ["history", "ArrowLeft", "log"],
  ["log", "ArrowLeft", "details"],
  ["connect", "Home", "log"],
  ["connect", "End", "details"],
  ["connect", "a", null],
])("from %s the key %s leads to %s", (current, key, expected) => {
  expect(tabAfter(current, key)).toBe(expected);
});

test("an address may name anything", () => {
  expect(isTab("history")).toBe(true);
  expect(isTab("toString")).toBe(false);
  expect(isTab(undefined)).toBe(false);
});
