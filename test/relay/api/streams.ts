// Real subscribers over real connections, one message after the other.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { request } from "undici";

// biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape, and fail where it is another.
type Message = any;

export interface Subscriber {
  status: number;
  headers: Record<string, unknown>;
  /** The next message that is no ping; null: the stream has ended. */
  next(): Promise<Message | null>;
  /** The next message, a ping too. */
  nextOfAll(): Promise<Message | null>;
  close(): void;
}

interface Options {
  key?: string;
  resourceId?: string;
  headers?: Record<string, string>;
}

export async function subscribe(
  url: string,
  eventNames: string[],
  { key, resourceId, headers = {} }: Options = {},
): Promise<Subscriber> {
  const abort = new AbortController();
  const response = await request(`${url}/v1/subscribe`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization(key), ...headers },
    body: JSON.stringify({ eventNames, resourceId }),
    signal: abort.signal,
  });
  const lines = createInterface({ input: response.body })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next().catch(() => ({ value: undefined, done: true }));
    return done ? null : JSON.parse(value as string);
  };
  return { status: response.statusCode, headers: response.headers, ...reader(read), close: () => abort.abort() };
}

/** Server-sent events: each message has `lastEventId` beside its data. */
export async function listen(
  url: string,
  eventNames: string[],
  { key, resourceId, headers = {} }: Options = {},
): Promise<Subscriber> {
  const abort = new AbortController();
  const query = new URLSearchParams(eventNames.map((name): [string, string] => ["eventNames", name]));
  if (resourceId !== undefined) query.set("resourceId", resourceId);
  const response = await fetch(`${url}/v1/subscribe?${query}`, {
    headers: { accept: "text/event-stream", ...authorization(key), ...headers },
    signal: abort.signal,
  });
  const events = response.body
    ?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  const read = async () => {
    const { value, done } = (await events?.read().catch(() => undefined)) ?? { value: undefined, done: true };
    return done || !value ? null : { ...JSON.parse(value.data), lastEventId: value.id };
  };
  const all = Object.fromEntries(response.headers);
  return { status: response.status, headers: all, ...reader(read), close: () => abort.abort() };
}

/** Connects, asks, and reads nothing: everything sent to it waits. */
export async function subscribeWithoutReading(url: string, eventNames: string[]): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "connect");
  const body = JSON.stringify({ eventNames });
  socket.write(
    `POST /v1/subscribe HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

function reader(read: () => Promise<Message | null>): Pick<Subscriber, "next" | "nextOfAll"> {
  return {
    nextOfAll: read,
    async next() {
      let message = await read();
      while (message?.name === "ping") message = await read();
      return message;
    },
  };
}

function authorization(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
