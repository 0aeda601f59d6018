// Droplets and what can be done with them.
import type { FastifyInstance } from "fastify";
import type { Account, Droplet, DropletRequest } from "./account.ts";
import type { ApiOptions } from "./api.ts";
import { unprocessable } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { urlOf } from "./url.ts";
import { viewAction, viewDroplet } from "./views.ts";

interface DropletBody {
  name?: string;
  region?: string;
  size?: string;
  image?: string | number;
  ssh_keys?: (string | number)[] | null;
  tags?: string[] | null;
  user_data?: string;
  ipv6?: boolean;
  backups?: boolean;
  monitoring?: boolean;
  private_networking?: boolean;
}

type OneDroplet = { Params: { id: string } };

/** What each action leaves a droplet in. */
const statusAfter: Record<string, Droplet["status"]> = {
  ...{ power_on: "active", reboot: "active", power_cycle: "active" },
  ...{ power_off: "off", shutdown: "off" },
};

export function addDropletRoutes(app: FastifyInstance, { account, onChange, onRestart }: ApiOptions): void {
  app.get("/v2/droplets", (request) => {
    const url = urlOf(request);
    return pageOf("droplets", select(account, url).map(viewDroplet), url);
  });

  app.post<{ Body: DropletBody }>("/v2/droplets", async ({ body, fault }, reply) => {
    const hostFault = fault?.behaviour.kind === "host" ? fault.behaviour.fault : null;
    const droplet = account.addDroplet(readRequest(body), hostFault);
    const answer = { droplet: viewDroplet(droplet), links: { actions: [viewCreation(account, droplet)] } };
    droplet.status = "active";
    if (hostFault === "dies") account.droplets.delete(droplet.id);
    onChange();
    reply.code(202);
    return answer;
  });

  app.get<OneDroplet>("/v2/droplets/:id", ({ params }) => ({ droplet: viewDroplet(account.findDroplet(params.id)) }));

  app.delete<OneDroplet>("/v2/droplets/:id", async ({ params }, reply) => {
    account.droplets.delete(account.findDroplet(params.id).id);
    onChange();
    return reply.code(204).send();
  });

  app.delete("/v2/droplets", async (request, reply) => {
    const url = urlOf(request);
    if (!url.searchParams.get("tag_name")) throw unprocessable("tag_name is required");
    for (const { id } of select(account, url)) account.droplets.delete(id);
    onChange();
    return reply.code(204).send();
  });

  app.get<OneDroplet>("/v2/droplets/:id/actions", (request) => {
    const { id } = account.findDroplet(request.params.id);
    const actions = [...account.actions.values()].filter(({ dropletId }) => dropletId === id);
    return pageOf("actions", actions.map(viewAction), urlOf(request));
  });

  app.post<OneDroplet & { Body: { type?: string } }>("/v2/droplets/:id/actions", async ({ params, body }, reply) => {
    const droplet = account.findDroplet(params.id);
    const status = statusAfter[body.type ?? ""];
    if (!status) throw unprocessable("Type is invalid");
    if (droplet.status === status && status === "off") throw unprocessable("Droplet is already powered off.");
    const isRestart = droplet.status === status;
    droplet.status = status;
    if (isRestart) onRestart(droplet.id);
    onChange();
    reply.code(201);
    return { action: viewAction(account.addAction(droplet, body.type!)) };
  });
}

function select(account: Account, url: URL): Droplet[] {
  const tag = url.searchParams.get("tag_name");
  const name = url.searchParams.get("name");
  const isGpu = url.searchParams.get("type") === "gpus";
  return [...account.droplets.values()].filter(
    (each) =>
      (tag === null || each.tags.includes(tag)) &&
      (name === null || each.name === name) &&
      each.size.startsWith("gpu-") === isGpu,
  );
}

function readRequest(body: DropletBody): DropletRequest {
  const features = ["ipv6", "backups", "monitoring", "private_networking"] as const;
  return {
    ...{ name: body.name ?? "", region: body.region ?? "", size: body.size ?? "", image: body.image ?? "" },
    ...{ sshKeys: body.ssh_keys ?? [], tags: body.tags ?? [], userData: body.user_data ?? "" },
    features: features.filter((each) => body[each]),
  };
}

function viewCreation(account: Account, droplet: Droplet) {
  const { id } = account.addAction(droplet, "create");
  return { id, rel: "create", href: urlOf({ url: `/v2/actions/${id}` } as never).href };
}
