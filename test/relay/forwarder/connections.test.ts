// One address, spoken to under the name that was configured; and what proves that nothing was sent.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { forwarderDefaults } from "../../../relay/forwarder/config.ts";
import { Connections, readText } from "../../../relay/forwarder/connections.ts";

// Made for this test alone, for the name functions.test, and trusted by nobody else.
const read = (name: string) => readFileSync(new URL(`certificates/${name}`, import.meta.url), "utf8");
const certificate = read("certificate.pem");

async function startSecureServer() {
  const names: unknown[] = [];
  const server = createServer({ key: read("key.pem"), cert: certificate }, (request, response) => {
    names.push([(request.socket as TLSSocket).servername, request.headers.host]);
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { names, port: (server.address() as AddressInfo).port };
}

test("an https function is reached at its address, and its certificate is checked for its name", async () => {
  const { names, port } = await startSecureServer();
  const connections = new Connections(forwarderDefaults, certificate);
  onTestFinished(() => connections.close());
  const ask = (host: string) =>
    connections.request({
      url: new URL(`https://${host}:${port}/create`),
      address: `127.0.0.1:${port}`,
      method: "GET",
      path: "/",
      headersTimeoutMs: 5_000,
      bodyTimeoutMs: 5_000,
    });
  const response = await ask("functions.test");
  expect(await readText(response.body, 100)).toBe("ok");
  expect(names).toEqual([["functions.test", `functions.test:${port}`]]);
  await expect(ask("other.test")).rejects.toMatchObject({ name: "ConnectFailure" });
  expect(names).toHaveLength(1);
});

test("a certificate that nobody vouches for is no connection: nothing was sent", async () => {
  const { names, port } = await startSecureServer();
  const connections = new Connections(forwarderDefaults);
  onTestFinished(() => connections.close());
  const request = connections.request({
    url: new URL(`https://functions.test:${port}/create`),
    address: `127.0.0.1:${port}`,
    method: "POST",
    path: "/create",
    body: "{}",
    headersTimeoutMs: 5_000,
    bodyTimeoutMs: 5_000,
  });
  await expect(request).rejects.toMatchObject({ name: "ConnectFailure" });
  expect(names).toEqual([]);
});
