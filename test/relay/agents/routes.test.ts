// What agents and operators are answered over HTTP, right and wrong.
import { expect, test } from "vitest";
import { containersMax, keptCharactersMax } from "../../../relay/agents/limits.ts";
import { RunningRelay } from "./running-relay.ts";

const web = { id: "c1", name: "web", image: "nginx:1", state: "running" };

test("the script is for whoever has a token: by URL for a person, by body for an agent", async () => {
  await using relay = await RunningRelay.open();
  const { token } = await relay.join();
  const byUrl = await fetch(`${relay.settings.url}/v1/scripts/${token}`);
  expect(byUrl.status).toBe(200);
  expect(byUrl.headers.get("content-type")).toContain("text/x-shellscript");
  expect(byUrl.headers.get("cache-control")).toBe("no-store");
  const script = await byUrl.text();
  expect(script).toMatch(/^#!\/bin\/sh\n/);
  expect(script).not.toContain("@@");
  const byForm = await fetch(`${relay.settings.url}/v1/scripts`, {
    method: "POST",
    body: new URLSearchParams({ token }),
  });
  expect(await byForm.text()).toBe(script);
  expect(await (await relay.post("/v1/scripts", { token })).text()).toBe(script);
  expect(relay.log.join("")).not.toContain(token);
});

test.each([
  ["GET", "/v1/scripts/agt_nobody", undefined],
  ["POST", "/v1/scripts", { token: "agt_nobody" }],
  ["POST", "/v1/agents/register", { token: "agt_nobody" }],
  ["POST", "/v1/agents/register", { token: "jnt_nobody", engineId: "e" }],
  ["POST", "/v1/agents/report", { token: "agt_nobody", containers: [] }],
  ["POST", "/v1/agents/leave", { token: "agt_nobody" }],
])("a token that nobody gave out is unknown to %s %s", async (method, path, body) => {
  await using relay = await RunningRelay.open();
  const response = await fetch(`${relay.settings.url}${path}`, {
    method,
    ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
  });
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  expect(await response.json()).toMatchObject({ code: "token.unknown" });
});

test("whoever speaks for a deleted machine hears that it is gone, and the host has left", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  await relay.post("/v1/agents/register", { token });
  await relay.server.deleteMachine(machine.id, { force: false });
  expect((await fetch(`${relay.settings.url}/v1/scripts/${token}`)).status).toBe(410);
  for (const [path, more] of [
    ["register", {}],
    ["report", { containers: [] }],
    ["leave", {}],
  ] as const) {
    const answer = await relay.post(`/v1/agents/${path}`, { token, ...more });
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: "machine.gone" });
  }
  expect((await relay.machine(machine.id)).host?.state).toBe("left");
  expect((await relay.history(machine.id)).filter((message) => message === "the agent left")).toHaveLength(1);
});

test("registering again is registering once", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  const answers = [];
  for (let time = 0; time < 3; time += 1) {
    answers.push(await (await relay.post("/v1/agents/register", { token, engineVersion: "28.0.1" })).json());
  }
  expect(answers).toEqual(Array(3).fill({ machineId: machine.id, token, reportEveryMs: 5_000 }));
  const { registeredAt } = (await relay.machine(machine.id)).host!;
  await relay.post("/v1/agents/register", { token });
  expect((await relay.machine(machine.id)).host?.registeredAt).toBe(registeredAt);
  expect((await relay.history(machine.id)).toSorted()).toEqual([
    "the agent registered, Docker 28.0.1",
    "the agent started again",
    "the agent started again, Docker 28.0.1",
  ]);
});

test("an agent may register while its bootstrap is still at work", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  await relay.store.decide(machine.id, () => ({ result: undefined, machine: { state: "bootstrapping" } }));
  expect((await relay.post("/v1/agents/register", { token })).status).toBe(200);
  const { state, host } = await relay.machine(machine.id);
  expect([state, host?.state]).toEqual(["bootstrapping", "connected"]);
});

test("a host that asks many times at once, or with another line, is one machine", async () => {
  await using relay = await RunningRelay.open();
  const register = async (token: string) =>
    (await (await relay.post("/v1/agents/register", { token, engineId: "E:1", name: "edge" })).json()) as {
      machineId: string;
      token: string;
    };
  const [one, other] = await Promise.all([newJoinToken(relay), newJoinToken(relay)]);
  const answers = await Promise.all([one, one, other, one].map(register));
  expect(new Set(answers.map(({ machineId }) => machineId)).size).toBe(1);
  expect(new Set(answers.map(({ token }) => token)).size).toBe(1);
  await relay.restart();
  expect(await register(other)).toEqual(answers[0]);
});

test("a host that joins again after its machine was deleted is another machine, as often as it does", async () => {
  await using relay = await RunningRelay.open();
  const token = await newJoinToken(relay);
  const seen = new Set<string>();
  for (let time = 0; time < 3; time += 1) {
    const answer = await relay.post("/v1/agents/register", { token, engineId: "E:1", name: "edge" });
    const { machineId } = (await answer.json()) as { machineId: string };
    seen.add(machineId);
    await relay.server.deleteMachine(machineId, { force: false });
  }
  expect(seen.size).toBe(3);
});

test("a relay that dies before it noted whose machine an engine is makes no second one", async () => {
  await using relay = await RunningRelay.open();
  const token = await newJoinToken(relay);
  const { saveAgentToken } = relay.store;
  relay.store.saveAgentToken = () => Promise.reject(new Error("killed"));
  expect((await relay.post("/v1/agents/register", { token, engineId: "E:1" })).status).toBe(500);
  relay.store.saveAgentToken = saveAgentToken;
  expect((await relay.post("/v1/agents/register", { token, engineId: "E:1" })).status).toBe(200);
  const { data } = await relay.store.listMachines({}, { limit: 10, cursor: null });
  expect(data).toHaveLength(1);
});

test.each([
  ["my host!", "my-host"],
  ["--.web.--", "web"],
  ["", "host"],
  ["日本", "host"],
  ["x".repeat(255), "x".repeat(60)],
])("a host called %j becomes a machine called %j", async (hostName, name) => {
  await using relay = await RunningRelay.open();
  const token = await newJoinToken(relay);
  const answer = await relay.post("/v1/agents/register", { token, engineId: "E:1", name: hostName });
  const { machineId } = (await answer.json()) as { machineId: string };
  expect((await relay.machine(machineId)).name).toBe(name);
});

test("a line that has expired joins nobody", async () => {
  await using relay = await RunningRelay.open();
  const token = await newJoinToken(relay);
  relay.aheadMs = 25 * 60 * 60 * 1000;
  const answer = await relay.post("/v1/agents/register", { token, engineId: "E:1" });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "token.unknown", detail: expect.stringContaining("expired") });
});

test("a join token reads no script of another's, and speaks for no machine", async () => {
  await using relay = await RunningRelay.open();
  const token = await newJoinToken(relay);
  expect((await relay.post("/v1/agents/report", { token, containers: [] })).status).toBe(404);
  expect(await relay.agents.authenticateAgent(token)).toBeNull();
});

test("a line is made within its limits only", async () => {
  await using relay = await RunningRelay.open();
  for (const body of [{ expiresInMs: 1 }, { expiresInMs: 1e15 }, { labels: { a: 1 } }, { colour: "red" }]) {
    expect((await relay.operate("/v1/join-tokens", body)).statusCode).toBe(400);
  }
});

test.each([
  ["no containers", {}, "containers"],
  ["too many containers", { containers: Array(containersMax + 1).fill(web) }, "containers"],
  ["a number for a name", { containers: [{ ...web, name: 7 }] }, "containers.0.name"],
  ["an unknown field", { containers: [], colour: "red" }, "colour"],
])("a report with %s is refused, and says so", async (_, body, field) => {
  await using relay = await RunningRelay.open();
  const { token } = await relay.join();
  const answer = await relay.post("/v1/agents/report", { token, ...body });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: "request.invalid", field });
});

test("a report that is too large is refused, and one with an endless name is kept cut", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  const containers = Array.from({ length: 60 }, () => ({ ...web, name: "x".repeat(60_000) }));
  expect((await relay.post("/v1/agents/report", { token, containers })).status).toBe(413);
  expect((await relay.post("/v1/agents/report", { token, containers: containers.slice(0, 1) })).status).toBe(200);
  const [kept] = (await relay.machine(machine.id)).host!.containers;
  expect(kept?.name.length).toBe(keptCharactersMax + 1);
});

test("an agent hears of its own host only, and nothing else", async () => {
  await using relay = await RunningRelay.open();
  const { token } = await relay.join();
  const subscribe = (body: object) => relay.post("/v1/subscribe", body);
  expect((await subscribe({ eventNames: ["machine.*"], token })).status).toBe(403);
  expect((await subscribe({ eventNames: ["host.*"], token: "agt_nobody" })).status).toBe(401);
});

test("only a host with an agent can be asked for a report", async () => {
  await using relay = await RunningRelay.open();
  const { machine, token } = await relay.join();
  expect((await relay.operate("/v1/machines/mch_nobody/report")).statusCode).toBe(404);
  expect((await relay.operate(`/v1/machines/${machine.id}/report`)).statusCode).toBe(409);
  await relay.post("/v1/agents/register", { token });
  expect((await relay.operate(`/v1/machines/${machine.id}/report`)).statusCode).toBe(202);
});

test("the listener for agents has nothing for operators", async () => {
  await using relay = await RunningRelay.open();
  expect((await relay.post("/v1/join-tokens", {})).status).toBe(404);
  expect((await fetch(`${relay.settings.url}/v1/machines`)).status).toBe(404);
});

async function newJoinToken(relay: RunningRelay): Promise<string> {
  const { line } = (await relay.operate("/v1/join-tokens")).json() as { line: string };
  return /jnt_[\w-]+/.exec(line)?.[0] as string;
}
