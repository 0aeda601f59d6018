// SSH keys of the account.
import type { FastifyInstance } from "fastify";
import type { Account } from "./account.ts";
import { unprocessable } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { urlOf } from "./url.ts";
import { viewKey } from "./views.ts";

export function addKeyRoutes(app: FastifyInstance, account: Account, onChange: () => void): void {
  app.get("/v2/account/keys", (request) => pageOf("ssh_keys", [...account.keys.values()].map(viewKey), urlOf(request)));
  app.post<{ Body: { name?: string; public_key?: string } }>("/v2/account/keys", async ({ body }, reply) => {
    if (!body.name) throw unprocessable("Name can't be blank");
    const key = account.addKey(body.name, body.public_key ?? "");
    onChange();
    reply.code(201);
    return { ssh_key: viewKey(key) };
  });
  app.get<{ Params: { key: string } }>("/v2/account/keys/:key", ({ params }) => ({
    ssh_key: viewKey(account.findKey(params.key)),
  }));
  app.put<{ Params: { key: string }; Body: { name?: string } }>("/v2/account/keys/:key", ({ params, body }) => {
    const key = account.findKey(params.key);
    key.name = body.name || key.name;
    return { ssh_key: viewKey(key) };
  });
  app.delete<{ Params: { key: string } }>("/v2/account/keys/:key", async ({ params }, reply) => {
    account.keys.delete(account.findKey(params.key).id);
    onChange();
    return reply.code(204).send();
  });
}
