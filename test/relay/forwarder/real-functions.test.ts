// The forwarder and the real functions server: leases, joins, checkpoints and cancels as both sides count them.
import { expect, test } from "vitest";
import { FunctionProblem } from "../../../functions/problem.ts";
import { startScene, until } from "../../functions/functions-scene.ts";
import { archiveOf } from "./memory-answers.ts";
import { handlerAt, setUp } from "./setup.ts";

const beatEveryMs = 20;

/** Functions that beat fast, and a forwarder that is sent to them. */
async function setUpBoth(leaseMs = 60_000) {
  const scene = await startScene({ beatEveryMs, variables: { FUNCTIONS_SECRET: "a-secret-of-both-sides" } });
  const both = setUp({ functionsSecret: "a-secret-of-both-sides", leaseMs });
  both.rows.push(handlerAt(`${scene.url}/create`));
  both.answers.refireMs = 1;
  const look = (eventId: string) =>
    scene.ask<{ reply: unknown; state: string }>("GET", `/invocations/${eventId}`, undefined, {
      authorization: "Bearer a-secret-of-both-sides",
    });
  return { ...both, scene, look };
}

test("a run works after its first renewal, its checkpoint is acknowledged, and its reply recorded and let go", async () => {
  const { scene, answers, fire, look } = await setUpBoth();
  const begun = scene.work.begun();
  const process = fire();
  const context = await begun;
  const archive = archiveOf("storage");
  context.progress("Creating machine...", 30, "create");
  context.checkpoint(archive);
  await answers.until(() => process.checkpoints.length > 0);
  scene.work.finish();
  await answers.until(() => process.state === "ended");
  expect(process.archive).toBe(archive);
  expect(process.progress).toContainEqual({ message: "Creating machine...", progress: 30, stage: "create" });
  expect(process.replies).toMatchObject([{ run: 1, data: { machine: { ipAddress: "203.0.113.7" } } }]);
  expect(process.runs).toMatchObject([{ leaseMs: 60_000 }]);
  await until(async () => (await look(process.eventId)).body.reply === null, "the reply is acknowledged");
});

test("a lease that is renewed outlives itself many times over", async () => {
  const { scene, answers, fire } = await setUpBoth(400);
  const begun = scene.work.begun();
  const process = fire();
  const context = await begun;
  const isOver = new Promise<string>((resolve) =>
    setTimeout(() => resolve(context.signal.aborted ? "ended" : "alive"), 1_200),
  );
  expect(await isOver).toBe("alive");
  scene.work.finish();
  await answers.until(() => process.state === "ended");
  expect(process.runs).toHaveLength(1);
});

test("a relay that restarts joins the run that it left", async () => {
  const { scene, answers, fire, forwarder, create } = await setUpBoth();
  const begun = scene.work.begun();
  const process = fire();
  await begun;
  await forwarder.stop();
  const next = create();
  next.start();
  answers.fire(process);
  scene.work.finish();
  await answers.until(() => process.state === "ended");
  await next.stop();
  expect(scene.work.contexts).toHaveLength(1);
  expect(process.runs).toHaveLength(1);
});

test("a run that nobody renewed ends itself, says so to the relay that comes back, and only then the next one begins", async () => {
  const { scene, answers, fire, forwarder, create } = await setUpBoth(300);
  const begun = scene.work.begun();
  const process = fire();
  const first = await begun;
  await forwarder.stop();
  await until(() => first.signal.aborted, "the lease ends at the function");
  const again = scene.work.begun();
  const next = create();
  next.start();
  answers.fire(process);
  await again;
  scene.work.finish();
  await answers.until(() => process.state === "ended");
  await next.stop();
  expect(process.runs).toMatchObject([{ isClean: true, endReason: expect.stringContaining("lease") }, { run: 2 }]);
});

test("functions that shut down end their runs, and the event is fired again", async () => {
  const { scene, answers, fire } = await setUpBoth();
  const begun = scene.work.begun();
  const process = fire();
  await begun;
  await scene.app.close();
  await answers.until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.ended" });
  expect(process.runs[0]).toMatchObject({ isClean: true, endReason: expect.stringContaining("shutting down") });
});

test("a cancel ends the run there and is through when it is known to be over", async () => {
  const { scene, answers, fire } = await setUpBoth();
  const begun = scene.work.begun();
  const process = fire();
  const context = await begun;
  answers.cancel(process);
  await answers.until(() => process.state === "ended");
  expect(context.signal.aborted).toBe(true);
  expect(process).toMatchObject({ outcome: "cancelled", runs: [{ isClean: true, endReason: "It was cancelled." }] });
});

test("a wrong secret is told before any run begins", async () => {
  const scene = await startScene({ beatEveryMs, variables: { FUNCTIONS_SECRET: "a-secret-of-both-sides" } });
  const { rows, fire, answers } = setUp({ functionsSecret: "another-secret-altogether" });
  rows.push(handlerAt(`${scene.url}/create`));
  const process = fire();
  await answers.until(() => process.unanswered.length > 0);
  expect(process.unanswered[0]).toMatchObject({ code: "function.unauthorized" });
  expect(process.unanswered[0]?.message).toMatch(/got status 401: .*got another key/);
  expect(process.runs).toEqual([]);
});

test("an event that the function finds wrong becomes the process's error, in its words", async () => {
  const { scene, answers, fire } = await setUpBoth();
  scene.work.onCheck = async () => {
    throw new FunctionProblem({ status: 422, code: "option.unknown", detail: "reigon is unknown; region is near" });
  };
  const process = fire();
  await answers.until(() => process.state === "ended");
  expect(process.replies).toMatchObject([
    { transitioning: "error", code: "option.unknown", transitioningMessage: "reigon is unknown; region is near" },
  ]);
});

test("the real functions pass the check, and their drivers are listed", async () => {
  const { scene, forwarder } = await setUpBoth();
  expect(await forwarder.check(handlerAt(`${scene.url}/create`))).toMatchObject({
    isReachable: true,
    isReady: true,
    keepsLeases: true,
    problem: null,
  });
  expect(await forwarder.listDrivers()).toMatchObject([{ name: "simulated" }]);
  await expect(forwarder.describeDriver("simulatd")).rejects.toMatchObject({
    code: "driver.unknown",
    message: expect.stringContaining("simulated"),
  });
  const question = { machineName: "web-1-xxxxxxxx", driverConfig: {}, engine: {} };
  expect(await forwarder.previewCommand("simulated", question)).toEqual({
    ...{ command: ["simulated", "create", "web-1-xxxxxxxx"], environment: [], files: [] },
  });
  await expect(forwarder.previewCommand("simulatd", question)).rejects.toMatchObject({
    code: "driver.notFound",
    field: "driver",
  });
});
