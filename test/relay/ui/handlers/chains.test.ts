import { expect, test } from "vitest";
import { describeRemoval, nextOrder, readChains } from "../../../../relay/ui/handlers/chains.ts";
import { handler } from "./handler.ts";

const create = handler({ name: "create" });
const dns = handler({ name: "dns", order: 200 });

test("the events stand in the order of a machine's life, their handlers in the order in which they are asked", () => {
  const chains = readChains([
    handler({ name: "delete", event: "machine.delete" }),
    handler({ name: "bootstrap", event: "machine.bootstrap" }),
    dns,
    handler({ name: "audit", event: "machine.delete", order: 50 }),
    create,
  ]);
  expect(chains.map(({ event, links }) => [event, links.map(({ name }) => name)])).toEqual([
    ["machine.create", ["create", "dns"]],
    ["machine.bootstrap", ["bootstrap"]],
    ["machine.delete", ["audit", "delete"]],
  ]);
});

test("handlers of the same order are asked by their names", () => {
  const [chain] = readChains([handler({ name: "zone" }), create, handler({ name: "acme" })]);
  expect(chain?.handlers.map(({ name }) => name)).toEqual(["acme", "create", "zone"]);
});

test("a missing handler of ours is shown where machines wait for it", () => {
  const [chain] = readChains([dns, handler({ name: "check", order: 50 })]);
  expect(chain?.links).toEqual([
    { name: "check", isMissing: false },
    { name: "create", isMissing: true },
    { name: "dns", isMissing: false },
  ]);
  expect(chain?.handlers).toHaveLength(2);
});

test("an event that the page does not know is shown after those that it knows", () => {
  expect(readChains([handler({ name: "x", event: "volume.create" })]).at(-1)).toMatchObject({
    event: "volume.create",
    links: [{ name: "x", isMissing: false }],
  });
});

test.each([
  ["after all others of its event", [create, dns], "machine.create", 300],
  ["after ours where there is none", [create, dns], "machine.delete", 200],
])("a new handler comes %s", (_, handlers, event, order) => {
  expect(nextOrder(handlers, event)).toBe(order);
});

test.each([
  ["one of ours: machines wait", create, /wait until there is a handler "create"/],
  ["one of others: machines go on", dns, /go on without it/],
  ["one with a URL", dns, /Runs under way end where they began/],
  ["one that listens", handler({ name: "dns", url: null }), /is waited for/],
])("what follows a removal: %s", (_, removed, sentence) => {
  expect(describeRemoval(removed).join(" ")).toMatch(sentence);
});
