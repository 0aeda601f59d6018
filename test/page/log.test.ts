import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { isActiveWithAgent } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

describePage("a machine's log", {}, (scene) => {
  const create = (name: string, driverConfig: object) =>
    scene.client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig });
  /** Of the noise that was ordered: each of these lines is there once. */
  const numbersIn = (text: string) =>
    [...text.matchAll(/Line (\d+) of the noise/g)].map(([, number]) => Number(number));
  const shownIn = async (page: Page) => numbersIn((await page.getByRole("tabpanel").textContent()) ?? "");
  const keptOf = async (id: string) => {
    const headers = { accept: "text/plain" };
    return (await scene.client.ask("GET", `/v1/machines/${id}/log`, undefined, { headers })).text();
  };

  test("lines come while it works, each once, and a reload shows the same", async () => {
    const { id } = await create("noisy-1", { durationMs: "3000", linesPerSecond: "40" });
    const page = await scene.open(`/machines/${id}?tab=log`);
    await page.getByText("Line 5 of the noise").first().waitFor();
    await scene.client.until(id, isActiveWithAgent);
    const kept = numbersIn(await keptOf(id));
    expect(kept.length).toBeGreaterThan(20);
    await expect.poll(() => shownIn(page)).toEqual(kept);
    await page.reload();
    await expect.poll(() => shownIn(page)).toEqual(kept);
  });

  test("a search counts and leads through its matches, and can leave all else out", async () => {
    const { id } = await create("noisy-2", { durationMs: "1000", linesPerSecond: "30" });
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}?tab=log`);
    await page.getByText("Line 3 of the noise").first().waitFor();
    const search = page.getByRole("tabpanel").getByRole("searchbox");
    await search.fill("Line 3 of");
    await page.getByText("1 line", { exact: true }).waitFor();
    await search.press("Enter");
    await page.getByText(/^1 of 1 line/).waitFor();
    await page.getByLabel("Only matching lines").check();
    await expect.poll(() => shownIn(page)).toEqual([3]);
  });

  test("the download is what the relay has kept", async () => {
    const { id } = await create("noisy-3", { durationMs: "500", linesPerSecond: "10" });
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}?tab=log`);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("noisy-3.log");
    expect(await readFile(await download.path(), "utf8")).toBe(await keptOf(id));
  });

  test("paused, it stands still and counts what came; going on, it is at the end", async () => {
    const { id } = await create("noisy-4", { durationMs: "60000", linesPerSecond: "20" });
    const page = await scene.open(`/machines/${id}?tab=log`);
    await page.getByText("Line 2 of the noise").first().waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    const before = await shownIn(page);
    const last = async () => numbersIn(await keptOf(id)).at(-1) ?? 0;
    await expect.poll(last).toBeGreaterThan((before.at(-1) ?? 0) + 20);
    expect((await shownIn(page)).length).toBeLessThanOrEqual(before.length + 20);
    await page
      .getByRole("button", { name: /^(Go on|Resume|Continue|Follow)/ })
      .first()
      .click();
    const wanted = await last();
    await expect.poll(async () => (await shownIn(page)).at(-1) ?? 0).toBeGreaterThanOrEqual(wanted);
    await scene.client.ask("DELETE", `/v1/machines/${id}?force=true`);
  });
});
