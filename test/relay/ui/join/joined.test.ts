import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { listJoined } from "../../../../relay/ui/join/joined.ts";

const machine = (name: string, driver: string, createdAt: number, state: MachineView["state"] = "active") =>
  ({ name, driver, createdAt, state }) as MachineView;

test("hosts that have joined since the line was made, the newest first", () => {
  const machines = [
    machine("before", "joined", 99),
    machine("attic-1", "joined", 100),
    machine("attic-2", "joined", 101),
    machine("made-here", "digitalocean", 102),
    machine("gone-again", "joined", 103, "deleted"),
  ];
  expect(listJoined(machines, 100).map(({ name }) => name)).toEqual(["attic-2", "attic-1"]);
});
