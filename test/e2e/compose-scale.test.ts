// More containers of one function, and a new version of it beside the old one, while machines are being made.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Composed, composeUp, findCompose } from "./compose.ts";
import { docker } from "./engine.ts";
import { isActiveWithAgent, isDeleted, type Machine, type RelayClient } from "./relay-client.ts";

const command = inject("engineMissing") ? null : await findCompose();
/** Long enough for a swap in the middle of it. */
const slow = { durationMs: "15000" };

describe.skipIf(!command)("functions in containers of their own", () => {
  let composed: Composed;
  let client: RelayClient;
  beforeAll(async () => {
    composed = await composeUp(command!, { project: "machine-relay-e2e-scale", up: ["--scale", "create=2"] });
    ({ client } = composed);
  });
  afterAll(() => composed?.[Symbol.asyncDispose]());

  const create = (name: string, driverConfig: Record<string, string> = {}) =>
    client.create({ name, driver: "simulated", driverConfig });
  const runsOf = async ({ id }: Machine) =>
    (await client.history(id)).filter(({ kind, message }) => kind === "run" && /\/create \(/.test(message));
  /** `10.0.0.7:8081` of "run 1 at http://create:8081/create (10.0.0.7:8081)". */
  const addressOf = (message: string) => /\(([^)]+)\)/.exec(message)![1]!;
  const countMachines = async () =>
    Number(await composed.inside("bootstrap", "find /cloud/vms -maxdepth 1 -name '*.json' | wc -l"));
  async function removeAll(machines: readonly Machine[]): Promise<void> {
    for (const { id } of machines) await client.ask("DELETE", `/v1/machines/${id}`);
    for (const { id } of machines) await client.until(id, isDeleted);
    expect(await countMachines()).toBe(0);
  }

  test("two containers of create share the work, and every machine is made once", async () => {
    expect(await composed.containersOf("create")).toHaveLength(2);
    const machines = await Promise.all(Array.from({ length: 12 }, (_, index) => create(`many-${index}`)));
    for (const { id } of machines) await client.until(id, isActiveWithAgent);
    const runs = await Promise.all(machines.map(runsOf));
    expect(runs.map((each) => each.length)).toEqual(machines.map(() => 1));
    expect(new Set(runs.flat().map(({ message }) => addressOf(message))).size).toBe(2);
    expect(await countMachines()).toBe(12);
    await removeAll(machines);
  });

  test("a new create takes over beside the old one: what is under way ends where it began", async () => {
    const olds = await composed.containersOf("create");
    const underWay = await Promise.all(["old-1", "old-2", "old-3"].map((name) => create(name, slow)));
    for (const { id } of underWay) await client.until(id, ({ stage }) => stage !== null && stage !== "contacting");

    // As an operator would start a new version: the same image, secrets and network, and another name.
    const fresh = `${composed.project}_create-new`;
    await docker([
      ...[
        "run",
        "--detach",
        "--name",
        fresh,
        "--network",
        `${composed.project}_default`,
        "--network-alias",
        "create-new",
      ],
      ...["--env", "FUNCTIONS=create", "--env", "FUNCTIONS_SECRET_FILE=/secrets/functions/functions-secret"],
      ...["--volume", `${composed.project}_functions-secrets:/secrets/functions:ro`],
      ...["--volume", `${composed.project}_simulated-cloud:/cloud`, "machine-relay/functions"],
    ]);
    try {
      await client.ask("PUT", "/v1/handlers/create", {
        ...{ event: "machine.create", order: 100, url: "http://create-new:8081/create" },
      });
      const added = await create("new-1");
      await client.until(added.id, isActiveWithAgent);
      expect((await runsOf(added)).map(({ message }) => message)).toEqual([
        expect.stringContaining("http://create-new:8081/create"),
      ]);
      for (const { id } of underWay) await client.until(id, isActiveWithAgent);
      for (const machine of underWay) {
        expect((await runsOf(machine)).map(({ message }) => message)).toEqual([
          expect.stringContaining("run 1 at http://create:8081/create"),
        ]);
      }
      // Nobody needs the old ones any more.
      await docker(["stop", ...olds]);
      const later = await create("new-2");
      await client.until(later.id, isActiveWithAgent);
      expect(await countMachines()).toBe(5);
      await removeAll([...underWay, added, later]);
    } finally {
      await docker(["rm", "--force", fresh]);
    }
  });
});
