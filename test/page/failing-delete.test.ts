import { expect, test } from "vitest";
import { isActiveWithAgent, isDeleted } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

const quick = { durationMs: "300" };

describePage("a deletion that fails", {}, (scene) => {
  const create = (name: string, driverConfig: object = quick) =>
    scene.client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig });

  test("a deletion that keeps failing says why and when it is tried again, can be tried now, and be forced", async () => {
    const { id } = await create("stays-1", { ...quick, remove: "fail" });
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}`);
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Delete: an attempt failed").waitFor();
    await page.getByLabel("The error's own words").getByText("500 Server was unable").waitFor();
    await page.getByText(/The next one comes in/).waitFor();
    const attemptsOf = async () =>
      (await scene.client.json<{ process: { attempt: number } }>("GET", `/v1/machines/${id}`)).process.attempt;
    const before = await attemptsOf();
    await page.getByRole("button", { name: "Try now", exact: true }).click();
    await expect.poll(attemptsOf).toBeGreaterThan(before);

    await page.getByRole("button", { name: "Delete by force…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Force…" }).click();
    await dialog.getByText("The provider is not asked").waitFor();
    await dialog.getByRole("button", { name: "Forget it" }).click();
    await scene.client.until(id, isDeleted);
    await page.getByText("deleted", { exact: true }).first().waitFor();
  });

  test("changed options make a deletion possible that was not", async () => {
    const { id } = await create("stays-2", { ...quick, remove: "fail" });
    await scene.client.until(id, isActiveWithAgent);
    await scene.client.ask("DELETE", `/v1/machines/${id}`);
    const page = await scene.open(`/machines/${id}`);
    await page.getByText("Delete: an attempt failed").waitFor();
    // Before, in and after an attempt.
    await page.getByRole("button", { name: "Change options, then try now…" }).click();
    await page.getByRole("dialog").getByLabel("Remove", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await scene.client.ask("DELETE", `/v1/machines/${id}?force=true`);
  });
});
