// Is this port free? Asked before anything is started, so that the answer names the variable to change.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Place, refusedPort } from "../listen.ts";

/**
 * The port, or for 0 one that is free.
 * @throws RelayError `config.invalid`
 */
export async function requireFreePort({ host, port, variable }: Place): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw refusedPort(error, { host, port, variable }) ?? error;
  } finally {
    server.close();
  }
}
