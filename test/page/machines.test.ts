import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { isActiveWithAgent, isDeleted } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

const quick = { durationMs: "300" };

describePage("the list of machines", {}, (scene) => {
  const create = (name: string, driverConfig: object = quick, labels: Record<string, string> = {}) =>
    scene.client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig, labels });
  const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

  test("an empty list offers a trial, a form and a line for a host that is there", async () => {
    const page = await scene.open("/");
    await page.getByRole("button", { name: "Try it: a simulated machine" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "Create a machine" }).first().waitFor();
    await page.getByRole("link", { name: "join a host that you have" }).click();
    await page.getByRole("heading", { level: 1, name: "Join a host" }).waitFor();
  });

  test("a machine that somebody else asks for appears, goes on, and is gone, without a reload", async () => {
    const page = await scene.open("/");
    await page.getByText("No machine yet").waitFor();
    const { id } = await create("alive-1", { durationMs: "1500" });
    const line = row(page, "alive-1");
    await line.getByText("creating").waitFor();
    await line.getByRole("progressbar").waitFor();
    await line.getByText("not real").waitFor();
    await line.getByText("active").waitFor();
    await line.getByText("connected").waitFor();
    const { ipAddress } = await scene.client.until(id, isActiveWithAgent);
    await line.getByText(ipAddress as string).waitFor();
    expect(await line.getByRole("link").getAttribute("href")).toBe(`/machines/${id}`);
    await scene.client.ask("DELETE", `/v1/machines/${id}`);
    await line.waitFor({ state: "detached" });
  });

  test("search, state, label and order are kept in the address, through a reload and the way back", async () => {
    const failed = await create("red-2", { failAt: "pre-create" }, { tier: "ci" });
    for (const name of ["red-1", "blue-1"]) await create(name, quick, { tier: name.split("-")[0] as string });
    await scene.client.until(failed.id, ({ state }) => state === "error").catch(() => {});
    const page = await scene.open("/");
    const names = () => page.getByRole("row").getByRole("link").allTextContents();
    await row(page, "blue-1").getByText("active").waitFor();
    await page.getByRole("searchbox").fill("red");
    await expect.poll(names).toEqual(["red-1", "red-2"]);
    await page.getByRole("button", { name: /^Name/ }).click();
    await page.getByRole("button", { name: /^Name/ }).click();
    await expect.poll(names).toEqual(["red-2", "red-1"]);
    await page.reload();
    await expect.poll(names).toEqual(["red-2", "red-1"]);
    await page.getByLabel("State").selectOption("error");
    await expect.poll(names).toEqual(["red-2"]);
    await page.goBack();
    await expect.poll(names).toEqual(["red-2", "red-1"]);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel(/^Label/).fill("tier=blue");
    await page.getByLabel(/^Label/).press("Enter");
    await expect.poll(names).toEqual(["blue-1"]);
  });

  test("several are retried and deleted at once, and the row of one in error says why", async () => {
    const made = [];
    for (const name of ["bulk-1", "bulk-2", "bulk-3"])
      made.push(await create(name, { failAt: "creating", failMessage: "Quota" }));
    for (const { id } of made) await scene.client.until(id, ({ state }) => state === "error").catch(() => {});
    const page = await scene.open("/?search=bulk");
    await row(page, "bulk-1").getByText("Quota").waitFor();
    const selectAll = async () => {
      for (const name of ["bulk-1", "bulk-2", "bulk-3"]) await row(page, name).getByRole("checkbox").check();
    };
    await selectAll();
    await page.getByRole("button", { name: /^Retry 3/ }).click();
    await row(page, "bulk-3").getByText("creating").waitFor();
    await row(page, "bulk-3").getByText("error").waitFor();
    await selectAll();
    await page.getByRole("button", { name: /^Delete 3/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("bulk-2").waitFor();
    await dialog.getByRole("button", { name: "Delete 3 machines" }).click();
    for (const { id } of made) await scene.client.until(id, isDeleted).catch(() => {});
    await page.getByRole("row").filter({ hasText: "bulk-" }).first().waitFor({ state: "detached" });
  });

  test("more than a page of machines is shown by the page", async () => {
    // Nobody makes them: a handler that never comes leaves all of them waiting.
    await scene.client.ask("PUT", "/v1/handlers/create", { event: "machine.create", order: 100, url: null });
    for (let number = 1; number <= 52; number++) await create(`many-${number}`);
    const page = await scene.open("/?search=many");
    await page.getByText("1–50 of 52").waitFor();
    expect(await page.getByRole("row").filter({ hasText: "many-" }).count()).toBe(50);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("51–52 of 52").waitFor();
    await page.reload();
    await page.getByText("51–52 of 52").waitFor();
  });
});
