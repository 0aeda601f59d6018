// What the relay relies on in any function, as tests that know nothing but a URL: functions/README.md in code.
import { createParser } from "eventsource-parser";
import type Type from "typebox";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { type Event, Problem, problemContentType, Reply, StreamMessages } from "../../../functions/contract.ts";

export interface Target {
  /** Where events of `create` are POSTed. */
  url: string;
  secret: string;
}

export interface Message {
  event: string;
  data: unknown;
}

let count = 0;
export function eventOf(driverConfig: Record<string, string> = {}): Event {
  count += 1;
  const id = `evt_contract_${process.pid}_${count}`;
  const tail = `${process.pid}${count}`.padStart(8, "0").slice(-8);
  return {
    ...{ id, name: "machine.create", resourceType: "machine", resourceId: `mch_${count}`, replyTo: `reply.${id}` },
    time: 1_790_000_000_000,
    data: {
      machine: {
        ...{ id: `mch_${count}`, name: "web-1", machineName: `web-1-${tail}`, driver: "simulated", driverConfig },
        ...{ engine: {}, labels: {}, archive: null, resolved: null },
      },
    },
  };
}

export function post({ url, secret }: Target, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${secret}`, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export async function* messagesOf(response: Response): AsyncGenerator<Message> {
  const queue: Message[] = [];
  const parser = createParser({
    onEvent: ({ event = "message", data }) => void queue.push({ event, data: JSON.parse(data) }),
  });
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    parser.feed(chunk);
    yield* queue.splice(0);
  }
}

async function collect(messages: AsyncIterable<Message>): Promise<Message[]> {
  const all: Message[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

function expectShape(schema: Type.TSchema, value: unknown): void {
  const [error] = Value.Errors(schema, value);
  expect(error, JSON.stringify(value).slice(0, 500)).toBeUndefined();
}

async function expectProblem(response: Response, status: number, code?: string): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toContain(problemContentType);
  const problem = await response.json();
  expectShape(Problem, problem);
  if (code !== undefined) expect(problem).toMatchObject({ code });
}

/** The tests. @param target asked when each begins */
export function testContract(target: () => Target): void {
  test("answers an event with one reply in JSON, with the machine's archive", async () => {
    const event = eventOf();
    const response = await post(target(), event);
    expect(response.status).toBe(200);
    const reply = (await response.json()) as Reply;
    expectShape(Reply, reply);
    expect(reply).toMatchObject({
      ...{ name: event.replyTo, previousIds: [event.id], resourceId: event.resourceId, transitioning: "no" },
      data: { machine: { archive: expect.stringMatching(/^H4sI/), ipAddress: expect.any(String) } },
    });
  });

  test("streams beats, progress and a checkpoint to whoever asks for it, then one reply and nothing after it", async () => {
    const response = await post(target(), eventOf(), { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const messages = await collect(messagesOf(response));
    for (const { event, data } of messages) {
      expect(Object.keys(StreamMessages)).toContain(event);
      expectShape(StreamMessages[event as keyof typeof StreamMessages], data);
    }
    const names = messages.map(({ event }) => event);
    expect(names[0]).toBe("beat");
    expect(names.filter((name) => name === "reply")).toHaveLength(1);
    expect(names.at(-1)).toBe("reply");
    expect(names).toEqual(expect.arrayContaining(["progress", "checkpoint"]));
  });

  test("says of a failure what the driver said, and what is left", async () => {
    const response = await post(target(), eventOf({ failAt: "creating", failMessage: "Quota exceeded" }));
    expect(response.status).toBe(200);
    const reply = (await response.json()) as Reply;
    expectShape(Reply, reply);
    expect(reply).toMatchObject({ transitioning: "error", data: { machine: { archive: null } } });
    expect(reply.transitioningMessage).toContain("Quota exceeded");
  });

  test("does not work on one event twice at the same time", async () => {
    const event = eventOf({ durationMs: "3000" });
    const first = await post(target(), event, { accept: "text/event-stream" });
    const stream = messagesOf(first);
    await stream.next();
    await expectProblem(await post(target(), { ...event, run: 2 }), 409, "invocation.running");
    const rest = await collect(stream);
    expect(rest.at(-1)).toMatchObject({ event: "reply", data: { transitioning: "no" } });
  });

  test("lets nobody in without the secret", async () => {
    await expectProblem(await post({ ...target(), secret: "a-secret-of-somebody-else" }, eventOf()), 401);
  });

  test.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no event", { hello: "world" }],
    ["a name that docker-machine takes for a flag", changed({ machineName: "--help" })],
    ["a driver that is not there", changed({ driver: "nosuch" })],
  ])("refuses %s as the event's own fault", async (_, body) => {
    const response = await post(target(), body);
    expect([400, 422]).toContain(response.status);
    await expectProblem(response, response.status);
  });

  test("says that it is ready, to anybody", async () => {
    expect((await fetch(new URL("/readyz", target().url))).status).toBe(200);
  });

  test("says of a run that it does not know that it does not know it", async () => {
    const { url, secret } = target();
    const headers = { authorization: `Bearer ${secret}` };
    expect((await fetch(new URL("/invocations/none", url), { headers })).status).toBe(404);
  });
}

function changed(machine: Partial<Event["data"]["machine"]>): Event {
  const event = eventOf();
  return { ...event, data: { machine: { ...event.data.machine, ...machine } } };
}
