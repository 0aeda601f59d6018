// Somebody who knows nothing: only what can be read on the page leads from one step to the next.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

/** Longer than a busy machine keeps a beat waiting: a run that is lost would be another test. */
const environment = { LEASE_MS: "60000" };

describePage("the first minute", { environment }, (scene) => {
  const states = (page: Page) => page.locator("main header").first();

  async function remove(page: Page, name: string): Promise<void> {
    await page
      .getByRole("row", { name })
      .getByRole("button", { name: `Delete ${name}` })
      .click();
    const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
    await dialog.getByText("there is no such host").waitFor();
    await dialog.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  }

  test("leads from an empty page to a machine that runs, to one that failed, and back to an empty page", async () => {
    const page = await scene.open();
    await page.getByRole("heading", { name: "No machine yet" }).waitFor();
    await page.getByRole("button", { name: /^Try it/ }).click();

    // Nothing but looking on until it is there, with its agent.
    await page.getByRole("heading", { level: 1, name: "try-1" }).waitFor();
    await states(page).getByText("creating", { exact: true }).waitFor();
    await states(page).getByText("active", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Agent" }).click();
    await page.getByRole("tabpanel").getByText("connected", { exact: true }).waitFor();
    await page.getByRole("tabpanel").getByText("machine-relay-agent").first().waitFor();

    await page.getByRole("link", { name: "Machines", exact: true }).click();
    await page.getByRole("link", { name: "Create a machine" }).click();
    await page.getByRole("button", { name: /^simulated/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("luckless");
    await page.getByText("All options").click();
    await page.getByLabel("Fail at", { exact: true }).fill("creating");
    await page.getByLabel("Fail message", { exact: true }).fill("No room in this region: try another one");
    await page.getByRole("button", { name: "Create luckless" }).click();

    // It says that it failed, why, and what can be done.
    await page.getByRole("heading", { level: 1, name: "luckless" }).waitFor();
    const card = page.getByRole("region", { name: "Create failed" });
    await card.getByText("No room in this region: try another one").waitFor();
    await card.getByRole("button", { name: "Retry", exact: true }).waitFor();

    await page.getByRole("link", { name: "Machines", exact: true }).click();
    await page.getByRole("link", { name: "1 in error" }).waitFor();
    const row = page.getByRole("row", { name: "luckless" });
    await row.getByText("error", { exact: true }).waitFor();
    await row.getByText("No room in this region: try another one").waitFor();
    expect(await page.getByRole("row").count()).toBe(1 + 2);

    await remove(page, "luckless");
    await remove(page, "try-1");
    await page.getByRole("heading", { name: "No machine yet" }).waitFor();
    expect(await page.getByRole("row").count()).toBe(0);
  });
});
