// The network between a browser and the relay, as something that can be cut: by itself a browser keeps a stream on
// loopback open, whatever it is told about being offline.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Cable {
  /** Where the relay is, seen through it. */
  url: string;
  cut(): void;
  mend(): void;
  remove(): Promise<void>;
}

export async function layCable(relayUrl: string): Promise<Cable> {
  const { hostname, port } = new URL(relayUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
      // Told by its close, too.
      socket.on("error", () => {});
    }
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      isCut = false;
    },
    async remove() {
      cut();
      await once(server.close(), "close");
    },
  };
}
