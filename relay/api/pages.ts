// What a browser is shown, and the OpenAPI document. No script: the pages work with every policy.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Machine } from "../store/types.ts";
import { type OpenApi, renderDocs } from "./docs-page.ts";
import { type Html, html, page, style } from "./html.ts";
import type { ApiParts } from "./parts.ts";

const machinesShown = 100;
const htmlType = "text/html; charset=utf-8";

export const pageRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, { store, config }) => {
  const schema = { hide: true };

  app.get("/openapi.json", { schema }, async () => app.swagger());

  app.get("/docs", { schema }, async (_request, reply) =>
    reply.type(htmlType).send(renderDocs(app.swagger() as unknown as OpenApi)),
  );

  app.get("/style.css", { schema }, async (_request, reply) => reply.type("text/css; charset=utf-8").send(style));

  app.get("/", { schema }, async (_request, reply) => {
    // A browser that opens a page sends no key, so the page shows nothing that is behind one.
    const hasKeys = config.apiKeys.length > 0;
    const machines = hasKeys ? [] : (await store.listMachines({}, { limit: machinesShown, cursor: null })).data;
    reply.type(htmlType).header("cache-control", "no-store");
    return reply.send(
      page(
        "machine-relay",
        html`<h1>machine-relay</h1>
<p>The API is described at <a href="/docs">/docs</a>.</p>
${hasKeys ? html`<p>This relay wants a key: machines are listed by <code>GET /v1/machines</code>.</p>` : renderTable(machines)}`,
      ),
    );
  });
};

function renderTable(machines: readonly Machine[]): Html {
  if (machines.length === 0) return html`<p>No machines yet: <code>POST /v1/machines</code> asks for one.</p>`;
  return html`<table>
<tr><th>Name</th><th>Driver</th><th>State</th><th>Address</th></tr>
${machines.map(
  ({ id, name, driver, isSimulated, state, error, ipAddress }) => html`<tr>
<td><a href="/v1/machines/${id}">${name}</a></td><td>${driver}${isSimulated ? " (not real)" : ""}</td>
<td>${state}${error && `: ${error.message}`}</td><td>${ipAddress}</td></tr>
`,
)}</table>
<p class="quiet">At most ${machinesShown}, newest first.</p>`;
}
