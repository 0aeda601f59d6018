// Tags: made by hand or with a droplet, and gone from everything when they are deleted.
import type { FastifyInstance } from "fastify";
import type { Account } from "./account.ts";
import { notFound, unprocessable } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { urlOf } from "./url.ts";

type OneTag = { Params: { name: string } };

export function addTagRoutes(app: FastifyInstance, account: Account): void {
  app.get("/v2/tags", (request) =>
    pageOf(
      "tags",
      [...account.tags].map((name) => view(account, name)),
      urlOf(request),
    ),
  );
  app.post<{ Body: { name?: string } }>("/v2/tags", async ({ body }, reply) => {
    if (!/^[\w:-]{1,255}$/.test(body.name ?? "")) throw unprocessable("Tag name is invalid");
    account.tags.add(body.name!);
    reply.code(201);
    return { tag: view(account, body.name!) };
  });
  app.get<OneTag>("/v2/tags/:name", ({ params }) => ({ tag: view(account, find(account, params.name)) }));
  app.delete<OneTag>("/v2/tags/:name", async ({ params }, reply) => {
    const name = find(account, params.name);
    account.tags.delete(name);
    for (const droplet of account.droplets.values()) droplet.tags = droplet.tags.filter((each) => each !== name);
    return reply.code(204).send();
  });
}

function find(account: Account, name: string): string {
  if (!account.tags.has(name)) throw notFound();
  return name;
}

function view(account: Account, name: string) {
  const count = [...account.droplets.values()].filter(({ tags }) => tags.includes(name)).length;
  return { name, resources: { count, droplets: { count } } };
}
