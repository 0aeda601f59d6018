import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

describePage("the create form", {}, (scene) => {
  const listNames = async (part: string) => {
    const answer = await fetch(`${scene.relay.url}/v1/machines?name=${part}`);
    const { data } = (await answer.json()) as { data: { name: string }[] };
    return data.map(({ name }) => name).sort();
  };
  const choose = async (page: Page, driver: string) => {
    await page.getByRole("button", { name: new RegExp(`^${driver}`) }).click();
    await page.locator(".options-grid .field").first().waitFor();
  };
  const isMachine = (url: URL) => url.pathname.startsWith("/machines/mch_");

  test("a machine is two presses away, and its page follows", async () => {
    const page = await scene.open("/create");
    await choose(page, "simulated");
    await page.getByText("simulated create -d simulated").waitFor();
    await page.getByRole("button", { name: "Create machine-1" }).click();
    await page.waitForURL(isMachine);
    expect(await listNames("machine-1")).toEqual(["machine-1"]);
  });

  test("of several names the taken one is named, and none is made until all are free", async () => {
    await scene.client.create({ name: "several-2", driver: "simulated" });
    const page = await scene.open("/create");
    await choose(page, "simulated");
    await page.getByLabel("Name", { exact: true }).fill("several");
    await page.getByLabel("How many").fill("3");
    await page.getByRole("alert").getByText("several-2 is taken.").waitFor();
    await page.getByRole("button", { name: "Create 3 machines" }).click();
    expect(await listNames("several")).toEqual(["several-2"]);
    await page.getByLabel("Name", { exact: true }).fill("several-3");
    await page.getByRole("button", { name: "Create 3 machines" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    expect(await listNames("several")).toEqual(["several-2", "several-3", "several-4", "several-5"]);
  });

  test("a reload keeps what was entered, but no secret, and says that it must be given again", async () => {
    const page = await scene.open("/create");
    await choose(page, "simulated");
    await page.getByLabel("Name", { exact: true }).fill("kept");
    await page.getByText("All options").click();
    await page.getByLabel("Access token").fill("hidden-in-the-form");
    await page.getByLabel("Region").fill("there");
    await page.reload();
    await page.getByText("Must be given again").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("kept");
    expect(await page.getByLabel("Region").inputValue()).toBe("there");
    expect(await page.getByLabel("Access token").inputValue()).toBe("");
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain("hidden");
  });

  test("what the API refuses stands at its field, and goes when the field is changed", async () => {
    const page = await scene.open("/create");
    await choose(page, "simulated");
    await page.getByLabel("Name", { exact: true }).fill("refused");
    await page.locator("summary", { hasText: "Engine" }).click();
    await page.getByLabel("Storage driver").fill("x".repeat(5_000));
    await page.getByRole("button", { name: "Create refused" }).click();
    await page.getByText("engine.storageDriver must be text of at most").and(page.getByRole("alert")).waitFor();
    await page.locator("[aria-invalid=true]:focus").waitFor();
    await page.getByLabel("Storage driver").fill("overlay2");
    expect(await page.locator("[aria-invalid=true]").count()).toBe(0);
    expect(await listNames("refused")).toEqual([]);
  });

  test("an answer that was lost makes no second machine when the button is pressed again", async () => {
    const page = await scene.open("/create");
    await choose(page, "simulated");
    await page.getByLabel("Name", { exact: true }).fill("lost");
    await page.route(
      "**/v1/machines",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await page.getByRole("button", { name: "Create lost" }).click();
    await page.getByText("The relay does not answer.").first().waitFor();
    expect(await listNames("lost")).toEqual(["lost"]);
    await page.getByRole("button", { name: "Create lost" }).click();
    await page.waitForURL(isMachine);
    expect(await listNames("lost")).toEqual(["lost"]);
  });

  test("another like a machine begins with its options, without its secrets", async () => {
    const machine = await scene.client.create({
      name: "pattern-7",
      driver: "simulated",
      driverConfig: { region: "there", accessToken: "hidden" },
    });
    const page = await scene.open(`/create?like=${machine.id}`);
    await page.getByText("Must be given again").waitFor();
    expect(await page.getByLabel("Region").inputValue()).toBe("there");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("pattern-1");
  });
});
