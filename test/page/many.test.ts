// Very many machines: the list stays one that can be read, searched and drawn.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inParallel } from "../bench/in-parallel.ts";
import { describePage } from "./scene.ts";

const machines = 1_000;
const atOnce = 20;
const pageSize = 50;
/** Some dozens for each row of one page, and nothing for the machines of the other pages. */
const elementsMax = 4_000;

describePage("a thousand machines", {}, (scene) => {
  const ids = new Map<string, string>();
  const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("link") });
  const countElements = (page: Page) => page.evaluate<number>(`document.querySelectorAll("*").length`);

  test("are counted, paged and found, and a burst of changes ends with what is true", async () => {
    // Nobody makes them: a handler that never comes leaves all of them waiting, and the functions idle.
    await scene.client.ask("PUT", "/v1/handlers/create", { url: null });
    await inParallel(machines, atOnce, async (number) => {
      const { id, name } = await scene.client.create({ name: `many-${number}`, driver: "simulated" });
      ids.set(name, id);
    });
    const page = await scene.open("/?sort=name");
    await page.getByText(`${machines} machines`, { exact: true }).waitFor();
    expect(await rows(page).count()).toBe(pageSize);
    expect(await countElements(page)).toBeLessThan(elementsMax);

    const pager = page.getByRole("navigation", { name: "Pages" });
    const first = await rows(page).getByRole("link").allTextContents();
    await pager.getByText(`1–${pageSize} of ${machines}`).waitFor();
    await pager.getByRole("button", { name: "Next" }).click();
    await pager.getByText(`${pageSize + 1}–${2 * pageSize} of ${machines}`).waitFor();
    const second = await rows(page).getByRole("link").allTextContents();
    expect(second).toHaveLength(pageSize);
    expect(new Set([...first, ...second]).size).toBe(2 * pageSize);

    await page.getByRole("searchbox").fill("many-777");
    await page.getByText("1 found").waitFor();
    expect(await rows(page).getByRole("link").allTextContents()).toEqual(["many-777"]);

    // Each is changed several times, in an order that nobody knows; the page shows a part of them.
    await page.getByRole("searchbox").fill("many-77");
    await page.getByText("11 found").waitFor();
    const seen = await rows(page).getByRole("link").allTextContents();
    const changes = 20;
    await inParallel(seen.length * changes, atOnce, async (number) => {
      const id = ids.get(seen[number % seen.length] as string);
      await scene.client.ask("PATCH", `/v1/machines/${id}`, { labels: { change: String(number) } });
    });
    const { data } = await scene.client.json<{ data: { name: string; labels: { change: string } }[] }>(
      "GET",
      "/v1/machines?name=many-77&limit=200",
    );
    expect(data.map(({ name }) => name).sort()).toEqual(seen.sort());
    for (const { name, labels } of data) {
      const row = rows(page).filter({ has: page.getByRole("link", { name, exact: true }) });
      await row.getByText(`change=${labels.change}`, { exact: true }).waitFor();
    }
    await page.getByRole("searchbox").fill("");
    await page.getByText(`${machines} machines`, { exact: true }).waitFor();
    await pager.getByText(`1–${pageSize} of ${machines}`).waitFor();
    expect(await countElements(page)).toBeLessThan(elementsMax);
  });
});
