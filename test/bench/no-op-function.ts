// A function that does nothing and says so at once, in a process of its own. It keeps no leases.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const server = createServer(async (request, response) => {
  const body = await text(request);
  if (request.method !== "POST") {
    response.writeHead(request.url === "/readyz" || request.url === "/healthz" ? 200 : 404, {
      "content-type": "application/json",
    });
    return response.end("{}");
  }
  const { id, replyTo, resourceType, resourceId, run } = JSON.parse(body);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      name: replyTo,
      previousIds: [id],
      resourceType,
      resourceId,
      run,
      transitioning: "no",
      transitioningMessage: null,
    }),
  );
});

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("listens on no port");
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
