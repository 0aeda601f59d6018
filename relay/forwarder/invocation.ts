// One conversation with a function about one run: POSTs the event, reads the answer, and says how it ended.
// The last word is left to whoever asked.
import type { ForwarderConfig } from "./config.ts";
import { type FunctionResponse, parseJson, readText } from "./connections.ts";
import {
  type Conclusion,
  concludeError,
  concludeReply,
  type Invocation,
  type InvocationParts,
} from "./conversation.ts";
import { followStream } from "./follow-stream.ts";
import { readRefusal } from "./refusals.ts";
import { readReply } from "./replies.ts";

/** Never rejects for what a function does. */
export async function converse(invocation: Invocation, parts: InvocationParts): Promise<Conclusion> {
  try {
    const response = await post(invocation, parts);
    return await read(response, invocation, parts);
  } catch (error) {
    return invocation.signal.aborted ? { kind: "stopped" } : concludeError(error);
  }
}

async function post({ kind, event, run, memory, signal }: Invocation, parts: InvocationParts) {
  const { config, clock, connections, leases } = parts;
  const url = new URL(run.url);
  const leftMs = Math.max(1, Math.ceil((run.deadlineAt ?? 0) - clock.now() - deadlineMarginMs(config)));
  const { leaseMs: _fired, ...rest } = event;
  const promise = run.leaseMs !== null ? { leaseMs: run.leaseMs } : { deadlineMs: leftMs };
  const body = JSON.stringify({ ...rest, run: run.run, join: kind === "join", ...promise });
  // A renewal may follow as soon as the event is there, so a start that was never renewed is counted from here.
  if (kind === "start") {
    memory.isRefused = false;
    leases.extend(memory);
  }
  return connections.request({
    url,
    address: run.address,
    method: "POST",
    path: `${url.pathname}${url.search}`,
    accept: "text/event-stream, application/json",
    body,
    // Without leases the open connection is the sign of life, and silence is fine until the deadline.
    headersTimeoutMs: run.leaseMs !== null ? config.firstByteTimeoutMs : leftMs,
    bodyTimeoutMs: run.leaseMs !== null ? config.silenceMs : leftMs,
    signal,
  });
}

/** What is added to the deadline that a handler without leases is given: the way there, and its end. */
export function deadlineMarginMs(config: ForwarderConfig): number {
  return config.connectTimeoutMs;
}

async function read(response: FunctionResponse, invocation: Invocation, parts: InvocationParts): Promise<Conclusion> {
  const { status, contentType, headers, body } = response;
  if (status < 200 || status > 299) return readRefusal(response, invocation.kind, parts);
  if (contentType.startsWith("text/event-stream")) return followStream(body, invocation, parts);
  const text = await readText(body, parts.config.messageBytesMax);
  if (text === null) {
    return { kind: "failed", situation: "tooLarge", got: `more than ${parts.config.messageBytesMax} bytes` };
  }
  if (text.trim() === "") return { kind: "failed", situation: "empty", got: `status ${status} without a body` };
  if (!/^application\/(.+\+)?json\b/.test(contentType)) {
    const type = headers["content-type"] ?? "no content type";
    return { kind: "failed", situation: "wrongType", got: `${type}: ${JSON.stringify(text.slice(0, 100))}` };
  }
  return concludeReply(readReply(parseJson(text), invocation.event, invocation.run.run));
}
