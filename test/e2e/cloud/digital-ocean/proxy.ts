// The proxy through which the API is reached: CONNECT to its name leads to ours, and to nothing else.
import { createServer } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { host } from "./url.ts";

export interface Proxy extends AsyncDisposable {
  url: string;
}

/** @param address to listen at */
export async function startProxy(address: string, api: TlsServer): Promise<Proxy> {
  const tunnels = new Set<Duplex>();
  const server = createServer((_, response) => {
    response.writeHead(405).end(`This proxy serves CONNECT ${host}:443 only.\n`);
  });
  server.on("connect", ({ url }, socket) => {
    socket.on("error", () => socket.destroy());
    if (url !== `${host}:443`) return void socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    tunnels.add(socket.on("close", () => tunnels.delete(socket)));
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    api.emit("connection", socket);
  });
  await new Promise<void>((resolve, reject) => server.listen(0, address, resolve).on("error", reject));
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const tunnel of tunnels) tunnel.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
