import { expect, test } from "vitest";
import { RunningRelay } from "./running-relay.ts";

const silenceMs = 150;
const web = { id: "c1", name: "web", image: "nginx:1", state: "running" };

test("a host that falls silent is reconnecting, keeps what it said, and comes back by itself", async () => {
  await using relay = await RunningRelay.open({ silenceMs });
  const { machine, token } = await relay.join();
  await relay.agents.hosts.report({ token, containers: [web] });
  const silent = await relay.until(machine.id, ({ host }) => host?.state === "reconnecting");
  expect(silent.host?.containers).toEqual([web]);
  await relay.agents.hosts.report({ token, containers: [web] });
  expect((await relay.machine(machine.id)).host?.state).toBe("connected");
  expect(await relay.history(machine.id)).toEqual(
    expect.arrayContaining([expect.stringContaining("silent"), "the agent reports again"]),
  );
});

test("a relay that was away gives the hosts their full time, then finds those that did not come back", async () => {
  await using relay = await RunningRelay.open({ silenceMs });
  const { machine, token } = await relay.join();
  await relay.agents.hosts.report({ token, containers: [] });
  const longAgo = { ...(await relay.machine(machine.id)).host!, lastSeenAt: 1 };
  await relay.server.saveHost(machine.id, longAgo);
  await relay.restart();
  expect((await relay.machine(machine.id)).host?.state).toBe("connected");
  await relay.until(machine.id, ({ host }) => host?.state === "reconnecting");
});

test("of several hosts only the silent one is reconnecting", async () => {
  await using relay = await RunningRelay.open({ silenceMs });
  const quiet = await relay.join("quiet");
  const busy = await relay.join("busy");
  await relay.agents.hosts.report({ token: quiet.token, containers: [] });
  const reporting = setInterval(() => {
    relay.agents.hosts.report({ token: busy.token, containers: [] }).catch((error) => relay.errors.push(error));
  }, silenceMs / 10);
  try {
    await relay.until(quiet.machine.id, ({ host }) => host?.state === "reconnecting");
  } finally {
    clearInterval(reporting);
  }
  expect((await relay.machine(busy.machine.id)).host?.state).toBe("connected");
  expect(relay.errors).toEqual([]);
});

test("a host whose machine is gone has left when it falls silent", async () => {
  await using relay = await RunningRelay.open({ silenceMs });
  const { machine, token } = await relay.join();
  await relay.agents.hosts.report({ token, containers: [] });
  await relay.server.deleteMachine(machine.id, { force: false });
  await relay.until(machine.id, ({ host }) => host?.state === "left");
});
