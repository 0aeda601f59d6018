// `npm run bench`: what the relay adds to an event, as ratios against a bare reference measured in the same run.
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Agent, request } from "undici";
import { inParallel } from "./in-parallel.ts";
import { firstLine, startProgram, usage } from "./processes.ts";
import { Relay } from "./relay.ts";

const machines = 1_000;
/** create and bootstrap. */
const eventsPerMachine = 2;
const events = machines * eventsPerMachine;
const concurrency = 50;
const idleMachines = 200;
const subscribers = 500;
const watchedMachines = 50;

await using noOp = startProgram("test/bench/no-op-function.ts");
const functionUrl = await firstLine(noOp);

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const round = (value: number, digits = 2) => Number(value.toFixed(digits));
const print = (name: string, value: string) => process.stdout.write(`${name.padEnd(46)} ${value}\n`);

interface ReferenceResult {
  seconds: number;
  latenciesMs: number[];
  cpuSeconds: number;
}
async function runReference(count: number, atOnce: number): Promise<ReferenceResult> {
  const program = startProgram("test/bench/reference.ts", [functionUrl, String(count), String(atOnce)]);
  return JSON.parse(await text(program.child.stdout as NodeJS.ReadableStream));
}

/** All machines wait for their handler; it comes, and the clock runs until the last one is active. */
async function runThroughput(): Promise<{ seconds: number; cpuSeconds: number; peakMegabytes: number }> {
  await using relay = await Relay.start(functionUrl, { INVOCATIONS_MAX: String(concurrency) });
  const create = await relay.call<{ url: string }>("GET", "/v1/handlers/create");
  await relay.call("DELETE", "/v1/handlers/create");
  await inParallel(machines, 20, (number) => relay.createMachine(`bench-${number}`));
  const active = await relay.watch("active");
  const before = await usage(relay.program);
  const startedAt = performance.now();
  await relay.call("PUT", "/v1/handlers/create", { event: "machine.create", order: 100, url: create.url });
  await active.until(machines);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await usage(relay.program);
  active.stop();
  return { seconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes };
}

/** One machine after the other: from each firing to its recorded reply, as the history has them. */
async function runIdle(): Promise<{ firingsMs: number[]; wishesMs: number[] }> {
  await using relay = await Relay.start(functionUrl);
  const firingsMs: number[] = [];
  const wishesMs: number[] = [];
  const active = await relay.watch("active");
  for (let number = 0; number < idleMachines; number++) {
    const startedAt = performance.now();
    const { id } = await relay.createMachine(`idle-${number}`);
    await active.has(id);
    wishesMs.push(performance.now() - startedAt);
    const { data } = await relay.call<{ data: { kind: string; at: number; eventId: string }[] }>(
      "GET",
      `/v1/machines/${id}/history?limit=100`,
    );
    for (const fired of data.filter(({ kind }) => kind === "fired")) {
      const reply = data.find(({ kind, eventId }) => kind === "reply" && eventId === fired.eventId);
      if (reply) firingsMs.push(new Date(reply.at).getTime() - new Date(fired.at).getTime());
    }
  }
  active.stop();
  return { firingsMs, wishesMs };
}

/** So many browsers watch while machines are made: everybody hears that everything became active. */
async function runSubscribers(): Promise<{
  seconds: number;
  messages: number;
  cpuSeconds: number;
  peakMegabytes: number;
}> {
  await using relay = await Relay.start(functionUrl);
  const dispatcher = new Agent({ connections: subscribers + 10, bodyTimeout: 0 });
  let messages = 0;
  const streams = await Promise.all(
    Array.from({ length: subscribers }, async () => {
      const { body } = await request(`${relay.url}/v1/subscribe?eventNames=resource.change`, {
        dispatcher,
        headers: { accept: "text/event-stream" },
      });
      const active = new Set<string>();
      let done = () => {};
      const all = new Promise<void>((resolve) => {
        done = resolve;
      });
      let rest = "";
      body.setEncoding("utf8");
      body.on("error", () => {});
      body.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          if (!line.startsWith("data:")) continue;
          messages++;
          if (line.includes('"state":"active"')) active.add(/"resourceId":"([^"]+)"/.exec(line)?.[1] ?? "");
        }
        if (active.size >= watchedMachines) done();
      });
      return { body, all };
    }),
  );
  const before = await usage(relay.program);
  const startedAt = performance.now();
  await inParallel(watchedMachines, 10, (number) => relay.createMachine(`watched-${number}`));
  await Promise.all(streams.map(({ all }) => all));
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await usage(relay.program);
  for (const { body } of streams) body.destroy();
  await dispatcher.destroy();
  return { seconds, messages, cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMegabytes: after.peakMegabytes };
}

// In turn, so that a machine whose speed drifts treats both alike.
const rounds = 3;
const ratios: number[] = [];
const cpuRatios: number[] = [];
for (let number = 1; number <= rounds; number++) {
  const reference = await runReference(events, concurrency);
  const relay = await runThroughput();
  const ratio = reference.seconds / relay.seconds;
  ratios.push(ratio);
  // Steadier than the wall clock on a machine that does other things too: how much more work an event is.
  cpuRatios.push(relay.cpuSeconds / reference.cpuSeconds);
  print(
    `round ${number}: reference`,
    `${Math.round(events / reference.seconds)} events/s, ${round((reference.cpuSeconds / events) * 1000)} ms CPU each`,
  );
  print(
    `round ${number}: relay`,
    `${Math.round(events / relay.seconds)} events/s, ${round((relay.cpuSeconds / events) * 1000)} ms CPU each, ${Math.round(relay.peakMegabytes)} MB at most`,
  );
  print(`round ${number}: relay / reference`, `${round(ratio)}`);
}
print("throughput, relay / reference, median", `${round(percentile(ratios, 0.5))}`);
print("CPU for an event, relay / reference, median", `${round(percentile(cpuRatios, 0.5))}`);

const idleReference = await runReference(idleMachines * eventsPerMachine, 1);
const idle = await runIdle();
print(
  "idle: fired → reply recorded, p50 / p99",
  `${percentile(idle.firingsMs, 0.5)} / ${percentile(idle.firingsMs, 0.99)} ms (whole milliseconds)`,
);
print(
  "idle: wish → active (two events), p50 / p99",
  `${round(percentile(idle.wishesMs, 0.5))} / ${round(percentile(idle.wishesMs, 0.99))} ms`,
);
print(
  "idle: one event of the reference, p50 / p99",
  `${round(percentile(idleReference.latenciesMs, 0.5))} / ${round(percentile(idleReference.latenciesMs, 0.99))} ms`,
);
print(
  "idle: wish → active / two of the reference, p50",
  `${round(percentile(idle.wishesMs, 0.5) / (2 * percentile(idleReference.latenciesMs, 0.5)))}`,
);

const watched = await runSubscribers();
print(
  `${subscribers} SSE subscribers, ${watchedMachines} machines`,
  `${watched.messages} messages, ${Math.round(watched.messages / watched.seconds)}/s, ${round((watched.cpuSeconds / watched.messages) * 1e6, 0)} µs CPU each, ${Math.round(watched.peakMegabytes)} MB at most`,
);

noOp.child.kill();
await once(noOp.child, "exit");
