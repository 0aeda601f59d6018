import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { Readable } from "node:stream";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { close } from "../../relay/close.ts";

test("an answer that nobody reads holds up the end for a moment only", async () => {
  const app = Fastify();
  const isAsked = Promise.withResolvers<void>();
  app.get("/", async () => {
    isAsked.resolve();
    // More than any socket takes.
    return Readable.from(Array.from({ length: 400 }, () => Buffer.alloc(100_000)));
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect({ port: (app.server.address() as AddressInfo).port, host: "127.0.0.1" }).pause();
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await isAsked.promise;
  await close(app, 100);
  expect(app.server.listening).toBe(false);
});
