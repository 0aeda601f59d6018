// The real script, run by busybox, against the real routes.
import { expect, test } from "vitest";
import { agentLaunch } from "../../../relay/agents/launch.ts";
import type { Machine } from "../../../relay/store/types.ts";
import { AgentHost } from "./agent-host.ts";
import { RunningRelay } from "./running-relay.ts";

/** So long that no report comes because its time has come. */
const never = 3_600_000;
const often = 200;
const web = { id: "c1", name: "web", image: "nginx:1", state: "running" };

const isConnected = ({ host }: Machine) => host?.state === "connected";
const hasReported = ({ host }: Machine) => (host?.containers.length ?? 0) > 0;

test("an agent registers and reports what runs on its host", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  await host.runContainers([web]);
  await host.write("events", 'start "web"\ndie "old"\n');
  host.start(await relay.prepareAgent(machine));
  const { host: seen } = await relay.until(machine.id, hasReported);
  expect(seen).toMatchObject({ state: "connected", engineVersion: "28.0.1", containers: [web] });
  expect((await relay.history(machine.id)).toSorted()).toEqual([
    "containers started: web; stopped: old",
    "the agent registered, Docker 28.0.1",
  ]);
  await host.runContainers([web, { ...web, id: "c2", name: "db", state: "exited" }]);
  const { host: later } = await relay.until(machine.id, (now) => now.host?.containers.length === 2);
  expect(later?.containers[1]).toEqual({ id: "c2", name: "db", image: "nginx:1", state: "exited" });
});

test("an agent reports at once when it is asked to", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: never });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const listening = relay.untilHeardBy(machine.id);
  host.start(await relay.prepareAgent(machine));
  await listening;
  await host.runContainers([web]);
  expect((await relay.operate(`/v1/machines/${machine.id}/report`)).statusCode).toBe(202);
  expect((await relay.until(machine.id, hasReported)).host?.containers).toEqual([web]);
});

test("an agent whose machine is deleted hears so, removes itself and leaves nothing", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: never });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const listening = relay.untilHeardBy(machine.id);
  host.start(await relay.prepareAgent(machine));
  await listening;
  await relay.server.deleteMachine(machine.id, { force: false });
  expect(await host.ended()).toBe(0);
  expect((await host.calls()).at(-1)).toBe("rm --force machine-relay-agent");
  expect(await host.files()).toEqual([]);
  expect((await relay.machine(machine.id)).host?.state).toBe("left");
});

test("an agent that missed its machine's end learns it from the answer to its report", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  host.start(await relay.prepareAgent(machine));
  await relay.until(machine.id, isConnected);
  // Nobody publishes host.leave here.
  await relay.store.decide(machine.id, () => ({
    result: undefined,
    machine: { state: "deleted", deletedAt: 1 },
    forgetSecrets: true,
  }));
  expect(await host.ended()).toBe(0);
  expect((await host.calls()).at(-1)).toBe("rm --force machine-relay-agent");
  expect((await relay.machine(machine.id)).host?.state).toBe("left");
});

test("an agent that starts only when its machine is gone ends itself too", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const launch = await relay.prepareAgent(machine);
  await relay.server.deleteMachine(machine.id, { force: true });
  host.start(launch);
  expect(await host.ended()).toBe(0);
  expect((await host.calls()).at(-1)).toBe("rm --force machine-relay-agent");
});

test("an agent outlives a restart of the relay, and is heard and told again", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  host.start(await relay.prepareAgent(machine));
  await relay.until(machine.id, isConnected);
  await relay.stop();
  await host.untilSaid("The relay did not take");
  await host.runContainers([web]);
  await relay.start();
  const listening = relay.untilHeardBy(machine.id);
  await relay.until(machine.id, hasReported);
  await listening;
});

test("an agent that is there before its relay waits for it", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const launch = await relay.prepareAgent(machine);
  await relay.stop();
  host.start(launch);
  await host.untilSaid("can't connect");
  await relay.start();
  await relay.until(machine.id, isConnected);
});

test("no container's name can break a report", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const names = [
    `"quoted" and 'quoted'`,
    "back\\slash \\\\ \\n",
    "two\nlines\tand a tab",
    "$(touch /tmp/never) `touch /tmp/never` $HOME",
    "%s %d %n",
    "start ] } , {",
    "käse 🧀 \u2028",
    '","token":"agt_other',
    "&/\\1",
  ];
  await host.runContainers(names.map((name, index) => ({ ...web, id: `c${index}`, name, image: name })));
  await host.write("events", names.map((name) => `start ${JSON.stringify(name)}\n`).join(""));
  host.start(await relay.prepareAgent(machine));
  const { host: seen } = await relay.until(machine.id, hasReported);
  expect(seen?.containers.map(({ name }) => name)).toEqual(names);
  expect(seen?.containers.map(({ image }) => image)).toEqual(names);
});

test("the token is in no argument list, and in no line of the log", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make();
  const { machine, token } = await relay.join();
  const listening = relay.untilHeardBy(machine.id);
  host.start(await relay.prepareAgent(machine));
  await listening;
  const seen = new Set<string>();
  // Every report passes by while we look.
  for (let reports = 0; reports < 3; reports += 1) {
    const { host: before } = await relay.machine(machine.id);
    for (const list of await host.argumentLists()) seen.add(list);
    await relay.until(machine.id, (now) => now.host!.lastSeenAt > before!.lastSeenAt);
  }
  expect([...seen].filter((list) => list.includes("/v1/subscribe"))).not.toEqual([]);
  expect([...seen].filter((list) => list.includes(token) || list.includes("agt_"))).toEqual([]);
  expect(relay.log).not.toEqual([]);
  expect(relay.log.join("")).not.toContain(token);
});

test("an agent that is stopped ends, and goes on as the same one when it is started again", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: never });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  const launch = await relay.prepareAgent(machine);
  const listening = relay.untilHeardBy(machine.id);
  host.start(launch);
  await listening;
  expect(await host.stop()).toBe(0);
  expect(await host.calls()).not.toContain("rm --force machine-relay-agent");
  await host.runContainers([web]);
  host.start(launch);
  await relay.until(machine.id, hasReported);
});

test("a host whose engine is away says nothing until it is back", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often, silenceMs: 5 * often });
  await using host = await AgentHost.make();
  const { machine } = await relay.join();
  host.start(await relay.prepareAgent(machine));
  await relay.until(machine.id, isConnected);
  await host.stopEngine();
  await relay.until(machine.id, (now) => now.host?.state === "reconnecting");
  expect(host.output).toContain("Cannot connect to the Docker daemon.");
  await host.runContainers([web]);
  await host.startEngine();
  await relay.until(machine.id, hasReported);
});

test("the pasted line joins a host once, and the agent goes on after a restart when the line has expired", async () => {
  await using relay = await RunningRelay.open({ reportEveryMs: often });
  await using host = await AgentHost.make({ engineId: "ENGINE:7", name: "my host!" });
  const { line } = (await relay.operate("/v1/join-tokens", { labels: { site: "attic" }, expiresInMs: 60_000 })).json();
  const [, url = ""] = /MACHINE_RELAY_SCRIPT_URL=(\S+)/.exec(line) ?? [];
  await host.runContainers([web]);
  // It reports with the token that it got in exchange.
  const joined = relay.untilAny(hasReported);
  const launch = agentLaunch(url.split("/").at(-1) as string, relay.settings);
  host.start(launch);
  const machine = await joined;
  expect(machine).toMatchObject({ driver: "joined", name: "my-host", labels: { site: "attic" }, state: "active" });
  await host.stop();
  relay.aheadMs = 120_000;
  await host.runContainers([]);
  host.start(launch);
  await relay.until(machine.id, (now) => now.host?.containers.length === 0);
});
