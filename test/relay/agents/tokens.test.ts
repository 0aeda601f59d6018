import { expect, test } from "vitest";
import { computeAgentToken, createAgentTokens, hashToken } from "../../../relay/agents/tokens.ts";
import { RunningRelay } from "./running-relay.ts";

test("a token is the same for every attempt at one generation, and another for the next", () => {
  const key = Buffer.alloc(32, 7);
  const token = computeAgentToken(key, "mch_1", 1);
  expect(token).toMatch(/^agt_[A-Za-z0-9_-]{43}$/);
  expect(computeAgentToken(key, "mch_1", 1)).toBe(token);
  expect(computeAgentToken(key, "mch_1", 2)).not.toBe(token);
  expect(computeAgentToken(key, "mch_2", 1)).not.toBe(token);
  expect(computeAgentToken(Buffer.alloc(32, 8), "mch_1", 1)).not.toBe(token);
});

test("a token speaks for its machine only, and still does after a restart of the relay", async () => {
  await using relay = await RunningRelay.open();
  const one = await relay.join("one");
  const other = await relay.join("other");
  expect(await relay.agents.authenticateAgent(one.token)).toEqual({ machineId: one.machine.id });
  await relay.restart();
  expect(await relay.agents.authenticateAgent(one.token)).toEqual({ machineId: one.machine.id });
  expect(await relay.agents.authenticateAgent(other.token)).toEqual({ machineId: other.machine.id });
});

test("nobody's token is nobody's, also when the store knows its hash as something else", async () => {
  await using relay = await RunningRelay.open();
  const { machine } = await relay.join();
  expect(await relay.agents.authenticateAgent("agt_nobody")).toBeNull();
  // The engines of joined hosts are noted in the same table.
  await relay.store.saveAgentToken(hashToken("engine-1"), machine.id, 1);
  expect(await relay.agents.authenticateAgent("engine-1")).toBeNull();
});

test("a token is over with its machine, and when another generation took over", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  const tokens = createAgentTokens(relay.store);
  const next = await tokens.issue({ ...machine, agentGeneration: 2 });
  await expect(relay.agents.authenticateAgent(next)).rejects.toMatchObject({ code: "machine.gone", status: 410 });
  await relay.server.deleteMachine(machine.id, { force: false });
  await expect(relay.agents.authenticateAgent(token)).rejects.toMatchObject({ code: "machine.gone", status: 410 });
});
