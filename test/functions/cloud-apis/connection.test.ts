import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { answerBytesMax, openDispatcher, reasonOf } from "../../../functions/cloud-apis/connection.ts";
import { WorkFailure } from "../../../functions/work-failure.ts";

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, environment: Record<string, string>): Promise<string> {
  const dispatcher = openDispatcher(environment);
  onTestFinished(() => dispatcher.destroy());
  return (await request(url, { dispatcher })).body.text();
}

test("a proxy for http is not taken for one for https, as docker-machine does not", async () => {
  const met = Promise.withResolvers<string>();
  const listen = async (name: string): Promise<string> => {
    const server = createTcpServer((socket) => {
      met.resolve(name);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const [proxy, target] = [await listen("the proxy"), await listen("the target")];
  // Nobody speaks TLS there: that it was tried is enough.
  void ask(`https://${target}/`, { HTTP_PROXY: `http://${proxy}` }).catch(() => {});
  expect(await met.promise).toBe("the target");
});

test("an answer without end is cut off, not kept", async () => {
  const url = await listen((_, response) => {
    response.end("x".repeat(answerBytesMax + 1));
  });
  await expect(ask(url, {})).rejects.toThrow("exceeded max size");
});

test("certificates that cannot be read are named", () => {
  const open = () => openDispatcher({ SSL_CERT_FILE: "/nowhere/ca.pem" });
  expect(open).toThrow(WorkFailure);
  expect(open).toThrow(/SSL_CERT_FILE.*\/nowhere\/ca\.pem/);
});

test("a host of which no address answers has a reason", () => {
  const parts = ["connect ECONNREFUSED 192.0.2.1:443", "connect ENETUNREACH 2001:db8::1:443"];
  expect(reasonOf(new AggregateError(parts.map((words) => new Error(words))))).toBe(parts.join("; "));
});
