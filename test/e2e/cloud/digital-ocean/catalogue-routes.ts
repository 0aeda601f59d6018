// What the account may choose from, and who it is.
import type { FastifyInstance } from "fastify";
import type { Account } from "./account.ts";
import { images, regions, sizes } from "./catalogue.ts";
import { notFound } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { urlOf } from "./url.ts";
import { viewAction } from "./views.ts";

export function addCatalogueRoutes(app: FastifyInstance, account: Account): void {
  app.get("/v2/account", () => ({
    account: {
      ...{ droplet_limit: 25, floating_ip_limit: 5, email: "relay@example.org", email_verified: true },
      ...{ uuid: "00000000-0000-4000-8000-000000000001", status: "active", status_message: "" },
    },
  }));
  app.get("/v2/regions", (request) => pageOf("regions", regions, urlOf(request)));
  app.get("/v2/sizes", (request) => pageOf("sizes", sizes, urlOf(request)));
  app.get("/v2/images", (request) => {
    const isPrivate = urlOf(request).searchParams.get("private") === "true";
    return pageOf("images", isPrivate ? [] : images, urlOf(request));
  });
  app.get<{ Params: { image: string } }>("/v2/images/:image", ({ params }) => {
    const image = images.find(({ id, slug }) => slug === params.image || String(id) === params.image);
    if (!image) throw notFound();
    return { image };
  });
  app.get("/v2/actions", (request) => pageOf("actions", [...account.actions.values()].map(viewAction), urlOf(request)));
  app.get<{ Params: { id: string } }>("/v2/actions/:id", ({ params }) => {
    const action = account.actions.get(Number(params.id));
    if (!action) throw notFound();
    return { action: viewAction(action) };
  });
}
