// What a browser is shown: the page that was built from ui/, and the OpenAPI document to read.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type OpenApi, renderDocs } from "./docs-page.ts";
import { html, page, style } from "./html.ts";

const htmlType = "text/html; charset=utf-8";
/** The addresses of the page's views: the page itself finds out which one it is. */
const viewPaths = ["/", "/create", "/machines/:id", "/handlers", "/events", "/join", "/about"];
/** Vite names a file after its content, so that such a file never changes. */
const namedByContent = /-[\w-]{8}\.(js|css|svg)$/;

/** `pageDirectory`: what `npm run build` has made. */
export const pageRoutes: FastifyPluginAsyncTypebox<{ pageDirectory?: string }> = async (
  app,
  { pageDirectory = new URL("../ui/dist", import.meta.url).pathname },
) => {
  const schema = { hide: true };

  app.get("/openapi.json", { schema }, async () => app.swagger());

  app.get("/docs", { schema }, async (_request, reply) =>
    reply.type(htmlType).send(renderDocs(app.swagger() as unknown as OpenApi)),
  );

  app.get("/style.css", { schema }, async (_request, reply) => reply.type("text/css; charset=utf-8").send(style));

  await app.register(fastifyStatic, {
    root: join(pageDirectory, "assets"),
    prefix: "/assets/",
    index: false,
    suppressWarning: true,
    schemaHide: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header("cache-control", namedByContent.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });

  for (const path of viewPaths) {
    app.get(path, { schema }, async (_request, reply) => {
      reply.type(htmlType).header("cache-control", "no-cache");
      // Read anew each time: the page may be built while the relay runs.
      const text = await readFile(join(pageDirectory, "index.html"), "utf8").catch(() => null);
      return text === null ? reply.code(503).send(notBuilt) : reply.send(text);
    });
  }
};

const notBuilt = page(
  "machine-relay",
  html`<h1>The page is not built</h1>
<p>Run <code>npm run build</code>. The API works without it: <a href="/docs">/docs</a>.</p>`,
);
