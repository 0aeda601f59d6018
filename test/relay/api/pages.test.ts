import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { pageRoutes } from "../../../relay/api/pages.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "machine-relay-page-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, "assets"));
});

async function build() {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(pageRoutes, { pageDirectory: directory });
  return app;
}

test("every address of a view is answered with the page, which is asked for anew each time", async () => {
  await writeFile(join(directory, "index.html"), "<!doctype html>the page");
  const app = await build();
  for (const url of ["/", "/create?like=mch_1", "/machines/mch_1", "/handlers", "/events", "/join", "/about"]) {
    const { statusCode, headers, body } = await app.inject({ url });
    expect([url, statusCode, headers["cache-control"], body]).toEqual([
      url,
      200,
      "no-cache",
      "<!doctype html>the page",
    ]);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  }
  for (const url of ["/nothing", "/machines", "/index.html"]) expect((await app.inject({ url })).statusCode).toBe(404);
});

test("a file that is named after its content is kept for ever, any other is asked for again", async () => {
  await writeFile(join(directory, "assets/index-B26fN1u-.js"), "1");
  await writeFile(join(directory, "assets/theme.js"), "2");
  const app = await build();
  const cachingOf = async (url: string) => (await app.inject({ url })).headers["cache-control"];
  expect(await cachingOf("/assets/index-B26fN1u-.js")).toBe("public, max-age=31536000, immutable");
  expect(await cachingOf("/assets/theme.js")).toBe("no-cache");
});

test("nothing outside of the page's files is served", async () => {
  await writeFile(join(directory, "secret.txt"), "not for anybody");
  const app = await build();
  for (const url of ["/assets/../secret.txt", "/assets/..%2fsecret.txt", "/assets/%2e%2e/secret.txt", "/assets/"]) {
    const { statusCode, body } = await app.inject({ url });
    expect([url, statusCode >= 400, body.includes("not for anybody")]).toEqual([url, true, false]);
  }
});

test("a page that was not built says how to build it", async () => {
  const app = await build();
  const { statusCode, body } = await app.inject({ url: "/" });
  expect([statusCode, body.includes("npm run build")]).toEqual([503, true]);
});

test("a page that is built while the relay runs is there", async () => {
  const app = await build();
  await writeFile(join(directory, "index.html"), "built since");
  await writeFile(join(directory, "assets/index-12345678.js"), "1");
  expect((await app.inject({ url: "/" })).body).toBe("built since");
  expect((await app.inject({ url: "/assets/index-12345678.js" })).statusCode).toBe(200);
});
