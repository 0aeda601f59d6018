// The profile local-engine: real Docker hosts on the engine that runs relay and functions themselves.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { machineLabel } from "../../functions/bundled/container/marks.ts";
import { type Composed, composeUp, findCompose } from "./compose.ts";
import { bridgeAddress, docker, dockerHost } from "./engine.ts";
import { isActiveWithAgent, isDeleted } from "./relay-client.ts";

const command = inject("engineMissing") ? null : await findCompose();

describe.skipIf(!command)("docker compose with the profile local-engine", () => {
  let composed: Composed;
  beforeAll(async () => {
    composed = await composeUp(command!, {
      project: "machine-relay-e2e-local",
      agentAddress: bridgeAddress,
      environment: { COMPOSE_PROFILES: "local-engine", DOCKER_SOCKET: dockerHost.replace("unix://", "") },
    });
  });
  afterAll(() => composed?.[Symbol.asyncDispose]());

  test("the driver container makes a real host whose agent reports in, and nothing of it is left", async () => {
    const { client } = composed;
    const { id } = await client.create({ name: "host-1", driver: "container" });
    await client.until(id, isActiveWithAgent);
    const filter = ["ps", "--all", "--quiet", "--filter", `label=${machineLabel}`];
    expect((await docker(filter)).split("\n")).toHaveLength(1);
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    expect(await docker(filter)).toBe("");
  });
});
