import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isActiveWithAgent } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

const quick = { durationMs: "400" };

describePage("a machine's page", {}, (scene) => {
  const create = (name: string, driverConfig: object = quick, labels: Record<string, string> = {}) =>
    scene.client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig, labels });

  test("its life is drawn with the present step lit, and its stages with what they took", async () => {
    const { id } = await create("life-1", { durationMs: "3000" });
    const page = await scene.open(`/machines/${id}`);
    const present = page.locator("[aria-current=step]");
    await present.filter({ hasText: "create" }).waitFor();
    await page.getByRole("progressbar", { name: /./ }).first().waitFor();
    await present.filter({ hasText: "active" }).waitFor();
    const stage = page.getByRole("row").filter({ hasText: "Make the machine" });
    await stage.getByText(/\d s$/).first().waitFor();
    await page.getByRole("row").filter({ hasText: "Connect to Docker" }).waitFor();
    await page.reload();
    await stage.getByText(/\d s$/).first().waitFor();
  });

  test("what usually comes is known from machines before, and one that is well beyond it seems stuck", async () => {
    // Long enough that each stage is seen: one that is overtaken at once is in no time-line.
    const past = await Promise.all(["past-1", "past-2", "past-3"].map((name) => create(name, { durationMs: "4000" })));
    for (const { id } of past) await scene.client.until(id, isActiveWithAgent);
    const { id } = await create("stuck-1", { ...quick, hangAt: "ssh" });
    const page = await scene.open(`/machines/${id}`);
    await page
      .getByText(/usually \d/)
      .first()
      .waitFor();
    await page.getByText("Stuck? This step usually takes").waitFor();
    await scene.client.ask("DELETE", `/v1/machines/${id}?force=true`);
  });

  test("a failed one says why in the driver's words, what they mean, and is mended by changed options", async () => {
    const failMessage = "Quota exceeded for quota metric 'CPUs'";
    const { id } = await create("failed-1", { ...quick, failAt: "creating", failMessage });
    const page = await scene.open(`/machines/${id}`);
    await page.getByRole("heading", { name: "Create failed" }).waitFor();
    await page.getByLabel("The error's own words").getByText(failMessage).waitFor();
    await page.getByText("A limit of the account at the provider is reached.").waitFor();
    await page.getByText("Nothing: what was made has been removed.").waitFor();
    await page.getByRole("button", { name: "Change options and retry…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Fail at").fill("");
    await dialog.getByRole("button", { name: /retry/i }).click();
    await page.getByText("active", { exact: true }).first().waitFor();
    expect(await scene.client.json("GET", `/v1/machines/${id}`)).toMatchObject({
      driverConfig: { failMessage, durationMs: "400" },
    });
  });

  test("its archive is downloaded, and holds its certificates", async () => {
    const { id } = await create("archive-1");
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}?tab=connect`);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download archive-1.tar.gz" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("archive-1.tar.gz");
    expect(gunzipSync(await readFile(await download.path())).includes("certs/ca.pem")).toBe(true);
  });

  test("agent, history, labels and raw JSON have tabs of their own, and no secret is in any", async () => {
    const { id } = await create("tabs-1", { ...quick, accessToken: "hidden-in-the-options" }, { tier: "web" });
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}`);
    await page.getByRole("tab", { name: "Agent" }).click();
    await page.getByRole("row").filter({ hasText: "machine-relay-agent" }).getByText("running").waitFor();
    // Arrows lead from tab to tab.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("tab", { name: "History", selected: true }).waitFor();
    const fired = page.getByText("machine.create to create, attempt 1").first();
    await fired.waitFor();
    expect(await page.locator("time[title]").first().getAttribute("title")).toMatch(/\d{4}.*\d:\d\d:\d\d.*\d{3}/);
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("button", { name: /edit/i }).first().click();
    await page.getByLabel(/value/i).first().fill("db");
    await page.getByRole("button", { name: /save/i }).first().click();
    await expect
      .poll(async () => (await scene.client.json<{ labels: object }>("GET", `/v1/machines/${id}`)).labels)
      .toEqual({ tier: "db" });
    await page.locator("summary", { hasText: "Raw JSON" }).click();
    await page.getByText('"machineName"').first().waitFor();
    expect(await page.content()).not.toContain("hidden-in-the-options");
  });

  test("one that does not exist is told plainly, with the way back", async () => {
    const page = await scene.open("/machines/mch_nobody");
    await page
      .getByText(/no (such )?machine/i)
      .first()
      .waitFor();
    await page.getByRole("main").getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: "Machines" }).waitFor();
  });
});
