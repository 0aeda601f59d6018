// A function as a real HTTP server on loopback that behaves, or misbehaves, to order.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Event, Reply } from "../../../functions/contract.ts";

export interface Post {
  event: Event;
  request: IncomingMessage;
  response: ServerResponse;
  /** One message of its stream; opens the stream at the first. */
  send(event: string, data: unknown): void;
  end(): void;
}

export interface Recorded {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

export interface FakeFunctionOptions {
  /** Answers `GET /invocations/none` as a keeper of leases. */
  keepsLeases?: boolean;
  host?: string;
  port?: number;
  onPost?: (post: Post) => void;
  /** POST, GET and DELETE of `/invocations/{id}`; true: it has answered. */
  onInvocation?: (recorded: Recorded, response: ServerResponse) => boolean;
  onOther?: (recorded: Recorded, response: ServerResponse) => boolean;
  /** Sees everything before anything else; true: it has answered. */
  onAny?: (recorded: Recorded, response: ServerResponse) => boolean;
}

export interface FakeFunction {
  url: string;
  port: number;
  posts: Post[];
  requests: Recorded[];
  /** Renewals, in order. */
  renewals: () => { run: number; beat: number; checkpoint: number; reply?: boolean }[];
  close(): Promise<void>;
}

export async function startFakeFunction(options: FakeFunctionOptions, changed: () => void): Promise<FakeFunction> {
  const posts: Post[] = [];
  const requests: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const recorded: Recorded = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? null : JSON.parse(text),
    };
    requests.push(recorded);
    if (!options.onAny?.(recorded, response)) answer(recorded, request, response);
    changed();
  });

  function answer(recorded: Recorded, request: IncomingMessage, response: ServerResponse): void {
    const { method, path } = recorded;
    if (path === "/invocations/none") {
      return options.keepsLeases === false
        ? sendText(response, 404, "text/html", "<h1>Not found</h1>")
        : sendProblem(response, 404, "invocation.unknown");
    }
    if (path.startsWith("/invocations/")) {
      if (options.onInvocation?.(recorded, response)) return;
      return method === "POST" ? void response.writeHead(204).end() : sendProblem(response, 404, "invocation.unknown");
    }
    if (method === "POST") {
      const post = createPost(recorded.body as Event, request, response);
      posts.push(post);
      return options.onPost?.(post);
    }
    if (options.onOther?.(recorded, response)) return;
    sendProblem(response, 404, "route.unknown");
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}/create`,
    port,
    posts,
    requests,
    renewals: () =>
      requests
        .filter(({ method, path }) => method === "POST" && path.startsWith("/invocations/"))
        .map(({ body }) => body as { run: number; beat: number; checkpoint: number; reply?: boolean }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createPost(event: Event, request: IncomingMessage, response: ServerResponse): Post {
  return {
    event,
    request,
    response,
    send(name, data) {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end() {
      response.end();
    },
  };
}

export function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type }).end(text);
}

export function sendJson(response: ServerResponse, value: unknown): void {
  sendText(response, 200, "application/json", JSON.stringify(value));
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  more: { detail?: string; headers?: Record<string, string> } = {},
): void {
  const problem = { type: "about:blank", title: code, status, code, detail: more.detail ?? code };
  response.writeHead(status, { "content-type": "application/problem+json", ...more.headers });
  response.end(JSON.stringify(problem));
}

export function replyTo(event: Event, more: Partial<Reply> = {}): Reply {
  return {
    name: event.replyTo,
    previousIds: [event.id],
    resourceType: event.resourceType,
    resourceId: event.resourceId,
    run: event.run ?? 1,
    transitioning: "no",
    transitioningMessage: "done",
    transitioningProgress: null,
    data: { machine: {} },
    ...more,
  };
}
