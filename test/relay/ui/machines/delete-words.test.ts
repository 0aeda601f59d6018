import { describe, expect, test } from "vitest";
import {
  describeDestruction,
  describeRemains,
  fateOf,
  isTyped,
  whereToLook,
  wordsToType,
} from "../../../../relay/ui/machines/delete-words.ts";
import { viewOf } from "./machine.ts";

const simulated = viewOf({ driver: "simulated", simulated: true });

test.each([
  [simulated, "simulated"],
  [viewOf({ driver: "joined" }), "joined"],
  [viewOf({ driver: "generic" }), "kept"],
  [viewOf({ driver: "none" }), "kept"],
  [viewOf({ driver: "container" }), "container"],
  [viewOf({ driver: "amazonec2" }), "vm"],
] as const)("a deletion knows what becomes of the host: %#", (machine, fate) => {
  expect(fateOf(machine)).toBe(fate);
});

describe("what is destroyed", () => {
  test("is named, with what runs on it", () => {
    const container = (name: string, state = "running") => ({ id: name, name, image: "nginx", state });
    const containers = [...["a", "b", "c", "d", "e"].map((name) => container(name)), container("old", "exited")];
    const machine = viewOf({ agent: { state: "connected", lastSeen: 1, engineVersion: null, containers } });
    expect(describeDestruction(machine)).toBe(
      "The VM web-1-k3f9q2ab at digitalocean is destroyed, with its disk, its SSH key and everything on it. Running on it now: a, b, c and 2 more.",
    );
  });

  test("is not said to exist where nobody knows", () => {
    expect(describeDestruction(viewOf({ providerId: null, ipAddress: null }))).toMatch(/^Whatever was made of the VM/);
  });

  test.each(["joined", "generic", "none"])("a host that was there before stays: %s", (driver) => {
    expect(describeDestruction(viewOf({ driver }))).toMatch(/^The host stays as it is/);
    expect(describeRemains(viewOf({ driver }))).not.toMatch(/money/);
    expect(whereToLook(viewOf({ driver }))).toEqual([]);
  });
});

describe("what has to be typed", () => {
  const real = viewOf();
  test.each([
    [[simulated, simulated], "delete", null],
    [[real], "delete", "web-1"],
    [[real], "force", "web-1"],
    [[real, simulated, real], "delete", "delete 3"],
    [[real, simulated], "force", "force 2"],
  ] as const)("%#", (machines, verb, words) => {
    expect(wordsToType(machines, verb)).toBe(words);
  });

  test("is typed as it stands, spaces around it apart", () => {
    expect(isTyped(" web-1 ", "web-1")).toBe(true);
    expect(isTyped("Web-1", "web-1")).toBe(false);
    expect(isTyped("", "web-1")).toBe(false);
    expect(isTyped("", null)).toBe(true);
  });
});

test("where to look: the provider's own words, and no other option", () => {
  const driverConfig = { region: "nyc3", "digitalocean-project": "p", accessToken: "********", size: "big" };
  expect(whereToLook(viewOf({ driverConfig, providerId: null }))).toEqual([
    ["Provider", "digitalocean"],
    ["Name there", "web-1-k3f9q2ab"],
    ["Id there", "not known: look for the name"],
    ["Address", "203.0.113.7"],
    ["region", "nyc3"],
    ["digitalocean-project", "p"],
  ]);
});
