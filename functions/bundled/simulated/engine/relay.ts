// The relay, as an agent speaks to it: three calls and a stream, each with the token in its body.

const requestMsMax = 30_000;
/** The stream is opened anew after this time, in case that the network has forgotten it without a word. */
const streamMsMax = 300_000;
const lineCharactersMax = 1024 * 1024;

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** What the relay asks of a host. */
export type Request = "report" | "leave";

export interface Relay {
  /** @throws Error when there is no answer, or one that is not JSON */
  post(what: "register" | "report" | "leave", body: Record<string, unknown>): Promise<Answer>;
  /** Until the stream ends, for whatever reason. Never throws. */
  listen(token: string, hear: (request: Request) => void): Promise<void>;
}

/** @param url without a slash at its end */
export function connectToRelay(url: string): Relay {
  return {
    async post(what, body) {
      const response = await fetch(`${url}/v1/agents/${what}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(requestMsMax),
      });
      const text = await response.text();
      return { status: response.status, body: response.ok ? (JSON.parse(text) as Record<string, unknown>) : {} };
    },

    async listen(token, hear) {
      try {
        const response = await fetch(`${url}/v1/subscribe`, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/x-ndjson" },
          body: new URLSearchParams({ eventNames: "host.*", token }),
          signal: AbortSignal.timeout(streamMsMax),
        });
        if (response.ok && response.body !== null) await readLines(response.body, hear);
        else await response.body?.cancel();
      } catch {
        // It is opened again after the next report.
      }
    },
  };
}

async function readLines(body: ReadableStream<Uint8Array>, hear: (request: Request) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [, request] = /"name":"host\.(report|leave)"/.exec(line) ?? [];
      if (request !== undefined) hear(request as Request);
    }
    if (rest.length > lineCharactersMax) return;
  }
}
