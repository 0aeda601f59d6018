// The page is small, and whole: all that it needs comes from the relay itself.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

const kilobyte = 1024;
/** All of it, as it goes over the wire: somebody with a slow line pays for each. */
const pageBytesMax = 70 * kilobyte;
const directory = new URL("../../relay/ui/dist", import.meta.url).pathname;

describePage("the built page", {}, (scene) => {
  test(`is at most ${pageBytesMax / kilobyte} KB`, () => {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const sizes = files.map(({ name, parentPath }) => ({
      name,
      bytes: gzipSync(readFileSync(join(parentPath, name))).length,
    }));
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total, JSON.stringify(sizes)).toBeGreaterThan(0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(pageBytesMax);
  });

  test("asks nobody but the relay, whatever is looked at", async () => {
    const { id } = await scene.client.create({ name: "looked-at", driver: "simulated" });
    const page = await scene.open();
    const asked = new Map<string, Set<string>>();
    page.context().on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      asked.set(origin, (asked.get(origin) ?? new Set()).add(pathname));
    });
    await page.reload();
    const tabs = ["log", "history", "connect", "agent", "details"].map((tab) => `/machines/${id}?tab=${tab}`);
    for (const path of ["/", "/create", ...tabs, "/handlers", "/events", "/join", "/about", "/docs"]) {
      await page.goto(scene.relay.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    expect([...asked.keys()]).toEqual([scene.relay.url]);
    // Not vacuous: its own parts were among them.
    expect([...(asked.get(scene.relay.url) ?? [])].some((path) => path.startsWith("/assets/"))).toBe(true);
  });
});
