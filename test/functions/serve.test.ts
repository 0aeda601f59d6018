// A function, seen from outside: what it takes, what it answers, and who may ask.
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { messageBytesMax, type Reply } from "../../functions/contract.ts";
import { isGroupEmpty } from "../../functions/programs/process-group.ts";
import packageFile from "../../package.json" with { type: "json" };
import { eventOf, leased, startScene, until } from "./functions-scene.ts";

test("one curl with an event gets one JSON answer: the reply", async () => {
  const { work, ask } = await startScene();
  const event = eventOf();
  const begun = work.begun();
  const answer = ask<Reply>("POST", "/create", event, { accept: "*/*" });
  await begun;
  work.finish();
  expect(await answer).toMatchObject({ status: 200 });
  expect((await answer).body).toEqual({
    name: event.replyTo,
    previousIds: [event.id],
    resourceType: "machine",
    resourceId: "mch_1",
    transitioning: "no",
    transitioningMessage: "done",
    transitioningProgress: null,
    data: { machine: { ipAddress: "203.0.113.7" } },
  });
});

test("a stream without a lease works at once and ends with exactly one reply", async () => {
  const { work, open } = await startScene();
  const begun = work.begun();
  const stream = await open(eventOf());
  const context = await begun;
  context.progress("Booting", 40, "boot");
  context.log("stderr", "a line");
  work.finish();
  await stream.ended;
  expect(stream.contentType).toContain("text/event-stream");
  expect(stream.names()).toEqual(["beat", "progress", "log", "reply"]);
});

test("an error of the work is a reply with 200, its code, and what is left of the machine", async () => {
  const { work, ask } = await startScene();
  const begun = work.begun();
  const answer = ask<Reply>("POST", "/delete", eventOf());
  await begun;
  work.finish({ transitioning: "error", code: "driver.failed", message: "no quota", machine: { archive: "YQ==" } });
  expect((await answer).body).toMatchObject({
    transitioning: "error",
    code: "driver.failed",
    transitioningMessage: "no quota",
    data: { machine: { archive: "YQ==" } },
  });
});

test("work that throws is an error reply with a masked message; the stack is in the log, masked too", async () => {
  const { work, ask, logged } = await startScene();
  const event = eventOf();
  event.data.machine.driverConfig = { accessToken: "s3cr3t-token" };
  const begun = work.begun();
  const answer = ask<Reply>("POST", "/create", event);
  await begun;
  work.fail(new TypeError("cannot read s3cr3t-token"));
  expect((await answer).body).toMatchObject({
    transitioning: "error",
    code: "function.failed",
    transitioningMessage: "The function create failed: cannot read ********",
  });
  expect(logged.join("")).toContain("TypeError");
  expect(logged.join("")).not.toContain("s3cr3t-token");
});

test("known secrets are masked in progress, lines, and replies", async () => {
  const { work, open } = await startScene();
  const event = eventOf();
  event.data.machine.driverConfig = { accessToken: "s3cr3t-token", size: "small" };
  const begun = work.begun();
  const stream = await open(event);
  const context = await begun;
  context.addSecrets(["later-secret"]);
  context.progress("using s3cr3t-token", null, null);
  context.log("stdout", "small later-secret");
  work.finish({ transitioning: "no", message: "made with s3cr3t-token", machine: {} });
  expect((await stream.next("progress")).message).toBe("using ********");
  expect((await stream.next("log")).line).toBe("small ********");
  expect((await stream.next("reply")).transitioningMessage).toBe("made with ********");
});

test("each run has a private directory, which is gone when its reply is seen", async () => {
  const { work, ask, config } = await startScene();
  const begun = work.begun();
  const answer = ask("POST", "/create", eventOf());
  const { directory } = await begun;
  expect(directory.startsWith(config.workDirectory)).toBe(true);
  expect(readdirSync(directory)).toEqual([]);
  work.finish();
  await answer;
  expect(() => readdirSync(directory)).toThrow("ENOENT");
});

test("what a work function leaves running is killed before its reply is given", async () => {
  let group = 0;
  const { ask } = await startScene({
    work: {
      check: async () => undefined,
      async work(context) {
        void context.run(["sh", "-c", "echo $$; exec sleep 1000"], {
          onLine: (_, line) => {
            group = Number(line);
          },
        });
        await until(() => group !== 0, "the program runs");
        return { transitioning: "no", message: "forgot something", machine: {} };
      },
    },
  });
  expect((await ask("POST", "/create", eventOf())).status).toBe(200);
  expect(isGroupEmpty(group)).toBe(true);
});

test("a caller that leaves while it waits for one JSON answer takes the run along", async () => {
  const { work, url } = await startScene();
  const begun = work.begun();
  const controller = new AbortController();
  const body = JSON.stringify(eventOf());
  const headers = { "content-type": "application/json" };
  const answer = fetch(`${url}/create`, { method: "POST", headers, body, signal: controller.signal });
  const context = await begun;
  controller.abort();
  await expect(answer).rejects.toThrow();
  await until(() => context.signal.aborted, "the work is told to stop");
});

test.each(["application/json", "text/event-stream"])(
  "a caller that left while its event was being checked for %s starts nothing that lasts",
  async (accept) => {
    const { app, work, url, ask } = await startScene();
    const checked = Promise.withResolvers<void>();
    work.onCheck = () => checked.promise;
    const left = Promise.withResolvers<void>();
    app.server.once("connection", (socket) => socket.once("close", left.resolve));
    const event = eventOf();
    const controller = new AbortController();
    const headers = { "content-type": "application/json", accept };
    const body = JSON.stringify(event);
    const answer = fetch(`${url}/create`, { method: "POST", headers, body, signal: controller.signal });
    await until(() => work.checks === 1, "it is being checked");
    controller.abort();
    await expect(answer).rejects.toThrow();
    await left.promise;
    checked.resolve();
    await until(async () => (await ask("GET", `/invocations/${event.id}`)).status === 404, "the run is over");
  },
);

test("past the deadline and the time for cleaning up the run is ended", async () => {
  const { open } = await startScene();
  const stream = await open(eventOf({ deadlineMs: 200 }));
  expect(await stream.next("ended")).toMatchObject({ clean: true, reason: "It was not done by its deadline." });
});

test("a run that ended without a reply is 500 to whoever waits for JSON, which proves nothing", async () => {
  const { ask } = await startScene();
  const answer = await ask("POST", "/create", eventOf({ deadlineMs: 100 }));
  expect(answer.body).toMatchObject({ status: 500, code: "invocation.ended" });
});

test("past INVOCATIONS_MAX a start is answered 503 functions.busy with Retry-After; a join is not", async () => {
  const { ask, open } = await startScene({ variables: { INVOCATIONS_MAX: "1" } });
  const event = leased();
  await open(event);
  const answer = await ask("POST", "/create", eventOf());
  expect(answer.status).toBe(503);
  expect(answer.body.code).toBe("functions.busy");
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  await (await open({ ...event, join: true })).next("beat");
});

test("a process that serves one function answers at / as well, and not for the others", async () => {
  const { ask, work } = await startScene({ variables: { FUNCTIONS: "delete" } });
  const begun = work.begun();
  const answer = ask("POST", "/", eventOf());
  await begun;
  work.finish();
  expect((await answer).status).toBe(200);
  expect((await ask("POST", "/create", eventOf())).body).toMatchObject({ status: 404, code: "route.unknown" });
});

test("census is not served yet", async () => {
  const { ask } = await startScene();
  expect((await ask("POST", "/census", eventOf())).body).toMatchObject({ status: 404, code: "route.unknown" });
});

test.each([
  ["a number as text", { leaseMs: "7" }, 'leaseMs must be an integer from 100 to 3600000, got "7"'],
  ["a lease below zero", { leaseMs: -5 }, "leaseMs must be an integer from 100 to 3600000, got -5"],
  ["a missing field", { replyTo: undefined }, "replyTo must be a string of 1 to 200 characters, got nothing"],
  ["an id that is no id", { id: "a b" }, 'id must be a string that matches ^[A-Za-z0-9_-]{1,64}$, got "a b"'],
  ["data that is none", { data: [] }, "data must be an object, got a list of 0 items"],
])("an event with %s is answered 400 with field, expected and got", async (_, changes, detail) => {
  const { ask, work } = await startScene();
  const answer = await ask("POST", "/create", { ...eventOf(), ...changes });
  expect(answer.status).toBe(400);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expect(answer.body).toMatchObject({ code: "request.invalid", detail, field: Object.keys(changes)[0] });
  expect(work.checks).toBe(0);
});

test("a wrong option is named without its value, which may be a secret", async () => {
  const { ask } = await startScene();
  const event = eventOf();
  const wrong = {
    ...event,
    data: { machine: { ...event.data.machine, driverConfig: { token: { hidden: "s3cr3t-token" } } } },
  };
  const answer = await ask("POST", "/create", wrong);
  expect(answer.body.field).toMatch(/^data\.machine\.driverConfig\.token/);
  expect(JSON.stringify(answer.body)).not.toContain("s3cr3t-token");
});

test("an unknown field in a renewal is named", async () => {
  const { ask } = await startScene();
  const answer = await ask("POST", "/invocations/evt_1", { run: 1, beat: 1, checkpoint: 0, beet: 2 });
  expect(answer.body).toMatchObject({ status: 400, field: "beet", expected: "one of run, beat, checkpoint, reply" });
});

test.each([
  ["no JSON", "{", "application/json", 400, "request.notJson"],
  ["an empty body", "", "application/json", 400, "request.notJson"],
  ["a form", "a=b", "application/x-www-form-urlencoded", 415, "request.unsupportedMediaType"],
  ["too large a body", "x".repeat(messageBytesMax + 1), "application/json", 413, "request.tooLarge"],
])("%s is a problem with a code of its own", async (_, body, contentType, status, code) => {
  const { ask } = await startScene();
  const answer = await ask("POST", "/create", body, { "content-type": contentType });
  expect(answer.body).toMatchObject({ status, code });
});

test.each(["/invocations/a%20b", "/invocations/evt_1?run=0", "/invocations/evt_1?rum=1"])(
  "%s is answered 400",
  async (path) => {
    const { ask } = await startScene();
    expect((await ask("DELETE", path)).body).toMatchObject({ status: 400, code: "request.invalid" });
  },
);

test("with a secret everything but health asks for it", async () => {
  const secret = "0123456789abcdef";
  const { ask } = await startScene({ variables: { FUNCTIONS_SECRET: secret } });
  for (const [method, path] of [
    ["POST", "/create"],
    ["GET", "/drivers"],
    ["GET", "/metrics"],
    ["GET", "/invocations/none"],
    ["GET", "/does/not/exist"],
  ] as const) {
    expect((await ask(method, path)).body).toMatchObject({ status: 401, code: "key.missing" });
    const wrong = await ask(method, path, undefined, { authorization: `Bearer ${secret}x` });
    expect(wrong.body).toMatchObject({ status: 401, code: "key.wrong" });
  }
  expect((await ask("GET", "/healthz")).status).toBe(200);
  expect((await ask("GET", "/readyz")).status).toBe(200);
  expect((await ask("GET", "/drivers", undefined, { authorization: `Bearer ${secret}` })).status).toBe(200);
});

test("its health names the version, which is what the relay shows of a function that is swapped in", async () => {
  const { ask } = await startScene();
  expect((await ask("GET", "/healthz")).body).toMatchObject({ version: packageFile.version });
});

test("without a secret, web pages of other sites are refused", async () => {
  const { ask } = await startScene();
  expect((await ask("GET", "/drivers", undefined, { origin: "https://evil.example" })).status).toBe(403);
  expect((await ask("GET", "/drivers", undefined, { host: "evil.example" })).status).toBe(421);
  expect((await ask("GET", "/drivers", undefined, { origin: "http://localhost:8080" })).status).toBe(200);
});

test("the drivers are listed, described, and a wrong name is answered with the nearest", async () => {
  const { ask } = await startScene();
  expect((await ask("GET", "/drivers")).body).toMatchObject({ drivers: [{ name: "simulated" }] });
  expect((await ask("GET", "/drivers/simulated")).body).toMatchObject({ name: "simulated", options: [] });
  const answer = await ask("GET", "/drivers/simulatd");
  expect(answer.body).toMatchObject({ status: 404, code: "driver.unknown", got: "simulatd" });
  expect(answer.body.detail).toContain("simulated");
});

test("the line that a create would run is told, and what is wrong with the question, without its secrets", async () => {
  const { ask } = await startScene();
  const question = { machineName: "web-1-xxxxxxxx", driverConfig: {}, engine: {} };
  const told = await ask("POST", "/drivers/simulated/command", question);
  expect([told.status, told.body]).toEqual([
    200,
    { command: ["simulated", "create", "web-1-xxxxxxxx"], environment: [], files: [] },
  ]);
  const wrong = async (changes: object, driver = "simulated") =>
    (await ask("POST", `/drivers/${driver}/command`, { ...question, ...changes })).body;
  expect(await wrong({}, "simulatd")).toMatchObject({ status: 422, code: "driver.notFound", field: "driver" });
  expect(await wrong({ more: 1 })).toMatchObject({ status: 400, code: "request.invalid", field: "more" });
  expect(await wrong({ machineName: "-D" })).toMatchObject({ status: 400, field: "machineName" });
  for (const changes of [{ driverConfig: "s3cret" }, { engine: { installUrl: ["s3cret"] } }, { engine: "s3cret" }]) {
    const problem = await wrong(changes);
    expect(problem).toMatchObject({ status: 400, field: expect.stringMatching(/^(driverConfig|engine)/) });
    expect(JSON.stringify(problem)).not.toContain("s3cret");
  }
  const large = { driverConfig: { a: { content: "x".repeat(2 * 1024 * 1024) } } };
  expect(await wrong(large)).toMatchObject({ status: 413, expected: "of at most 2097152 bytes" });
});

test("metrics count runs by function and outcome", async () => {
  const { ask, work } = await startScene();
  const begun = work.begun();
  const answer = ask("POST", "/bootstrap", eventOf());
  await begun;
  const during = (await ask<string>("GET", "/metrics")).body;
  expect(during).toContain('functions_invocations_running{function="bootstrap"} 1');
  work.finish();
  await answer;
  const after = (await ask<string>("GET", "/metrics")).body;
  expect(after).toContain('functions_invocations_running{function="bootstrap"} 0');
  expect(after).toContain('functions_invocations_total{function="bootstrap",outcome="no"} 1');
});

test("closing ends every run: groups are killed, streams hear that it was clean, directories are gone", async () => {
  const { app, work, open, renew, config } = await startScene();
  const begunFirst = work.begun();
  const plain = await open(eventOf());
  const context = await begunFirst;
  let group = 0;
  void context.run(["sh", "-c", "echo $$; sleep 1000 & wait"], {
    onLine: (_, line) => {
      group = Number(line);
    },
  });
  await until(() => group !== 0, "the program runs");
  const event = leased();
  const waiting = await open(event);
  await waiting.next("beat");
  await app.close();
  for (const stream of [plain, waiting]) {
    expect(await stream.next("ended")).toEqual({ clean: true, reason: "The functions are shutting down." });
    await stream.ended;
  }
  expect(isGroupEmpty(group)).toBe(true);
  expect(readdirSync(config.workDirectory)).toEqual([]);
  await expect(renew(event, {})).rejects.toThrow("ECONNREFUSED");
});

test("while it closes, a start is answered 503 with Retry-After, it is not ready, and connections are not kept", async () => {
  const stopped = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { app, ask, open } = await startScene({
    work: {
      check: async () => undefined,
      async work(context) {
        begun.resolve();
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
        await stopped.promise;
        throw new Error("stopped");
      },
    },
  });
  await open(eventOf());
  await begun.promise;
  const closed = app.close();
  await until(async () => (await ask("GET", "/readyz")).status === 503, "it is not ready");
  const answer = await ask("POST", "/create", eventOf());
  expect(answer.body).toMatchObject({ status: 503, code: "functions.stopping" });
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  expect(answer.headers.connection).toBe("close");
  stopped.resolve();
  await closed;
});

test("a reader that does not read costs neither memory nor the run: lines are left out, the reply comes", async () => {
  const { work, url } = await startScene();
  const begun = work.begun();
  const body = JSON.stringify(eventOf());
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /create HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.pause();
  const context = await begun;
  for (let number = 0; number < 20_000; number += 1) context.log("stdout", `${number} ${"x".repeat(1000)}`);
  context.checkpoint("b25l");
  context.checkpoint("dHdv");
  work.finish();
  let received = "";
  for await (const chunk of socket) received += chunk;
  expect(received.length).toBeLessThan(12 * 1024 * 1024);
  expect(received).toMatch(/lines left out: the reader was too slow/);
  expect(received).not.toContain("b25l");
  expect(received).toContain("dHdv");
  expect(received.match(/event: reply/g)).toHaveLength(1);
});

test("the log holds chosen fields of a run, and nothing of its event", async () => {
  const { work, ask, logged } = await startScene();
  const event = eventOf();
  event.data.machine.driverConfig = { size: "a-driver-option" };
  const begun = work.begun();
  const answer = ask("POST", "/create", event);
  await begun;
  work.finish();
  await answer;
  const text = logged.join("");
  expect(text).toContain(event.id);
  expect(text).not.toContain("a-driver-option");
});
