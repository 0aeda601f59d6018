// The cloud over HTTP, for a person with curl: what exists, and what is to go wrong.
import Fastify from "fastify";
import type { Cloud } from "./cloud.ts";
import type { FaultOrder } from "./faults.ts";

export interface Control extends AsyncDisposable {
  url: string;
}

type Order = FaultOrder<never> & { cloud: string };

export async function startControl(cloud: Cloud): Promise<Control> {
  const clouds = new Map([cloud.ec2, cloud.digitalOcean].map((each) => [each.driver, each]));
  const app = Fastify({ forceCloseConnections: true });
  app.get("/", async () => {
    const all = await Promise.all(
      [...clouds].map(async ([name, each]) => [name, { ...(await each.now()), faults: each.faults() }]),
    );
    return Object.fromEntries(all);
  });
  app.post<{ Body: Order }>("/faults", ({ body }, reply) => {
    const found = clouds.get(body.cloud);
    try {
      if (!found) throw new Error(`cloud must be one of ${[...clouds.keys()].join(", ")}, got ${body.cloud}`);
      found.fail(body);
      return found.faults();
    } catch (error) {
      return reply.code(422).send({ message: (error as Error).message });
    }
  });
  app.delete("/faults", (_, reply) => {
    for (const each of clouds.values()) each.mend();
    return reply.code(204).send();
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}
