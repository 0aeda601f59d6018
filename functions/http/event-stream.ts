// An answer as server-sent events, written straight to the response.
//
// Not through @fastify/sse: a lease counts from the moment in which a beat is sent, so sending must be a plain act and
// not a promise that may never settle; and what waits for a slow reader must be seen to be bounded.
import type { FastifyReply } from "fastify";
import type { StreamMessage } from "../contract.ts";
import type { Listener } from "../invocations/transcript.ts";

/** Past it log lines are left out (and counted), and only the newest progress and checkpoint wait for the reader. */
export const backlogBytesMax = 1024 * 1024;

export interface EventStream extends Listener {
  /** Called once, when the connection is gone or the stream is complete. */
  onClose(listener: () => void): void;
}

export function openEventStream(reply: FastifyReply, isStopping: () => boolean): EventStream {
  const response = reply.raw;
  reply.hijack();
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Proxies that buffer would hold the beats back.
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  // A reader that vanished: its close is heard.
  response.on("error", () => undefined);

  /** The newest of each kind that waits until the reader has caught up. */
  const waiting = new Map<"progress" | "checkpoint", StreamMessage>();
  let linesLeftOut = 0;
  const write = ({ event, data }: StreamMessage) =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

  function flush(): void {
    if (linesLeftOut > 0) {
      const line = `(${linesLeftOut} lines left out: the reader was too slow)`;
      linesLeftOut = 0;
      write({ event: "log", data: { stream: "note", line } });
    }
    for (const message of waiting.values()) write(message);
    waiting.clear();
  }
  response.on("drain", flush);

  return {
    send(message) {
      const isBehind = response.writableLength > backlogBytesMax;
      if (isBehind && message.event === "log") linesLeftOut += 1;
      else if (isBehind && (message.event === "progress" || message.event === "checkpoint"))
        waiting.set(message.event, message);
      else {
        if (message.event === "reply" || message.event === "ended") flush();
        write(message);
      }
    },
    end() {
      response.end(() => {
        // A kept connection would hold up the end of this process.
        if (isStopping()) response.socket?.destroySoon();
      });
    },
    onClose(listener) {
      // Its caller may have left while the event was being checked.
      if (response.destroyed) listener();
      else response.once("close", listener);
    },
  };
}
