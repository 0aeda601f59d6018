// Every view in the states that a person meets: nothing that axe finds, everything by keyboard, nothing that moves for
// whoever wants no motion.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { isActiveWithAgent } from "../e2e/relay-client.ts";
import { expectAccessible } from "./accessible.ts";
import { describePage } from "./scene.ts";

/** Longer than a busy machine keeps a beat waiting: a run that is lost would be another test. */
const environment = { LEASE_MS: "60000" };

describePage("for everybody", { environment }, (scene) => {
  const ids: Record<"active" | "failed" | "creating" | "deleting", string> = {} as never;
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).waitFor();
  const dialog = (page: Page) => page.getByRole("dialog");
  const chooseSimulated = async (page: Page) => {
    await page.getByRole("button", { name: /^simulated/ }).click();
    await page.locator(".options-grid .field").first().waitFor();
    // It comes a moment later, with a button.
    await page.getByLabel("Command line").waitFor();
  };
  /** Machines in every state; called by the first test that wants them, because another one wants none. */
  async function makeMachines(): Promise<void> {
    if (ids.active) return;
    const create = (name: string, driverConfig: Record<string, string>) =>
      scene.client.json<{ id: string }>("POST", "/v1/machines", {
        name,
        driver: "simulated",
        driverConfig: { durationMs: "300", ...driverConfig },
        labels: { tier: "web" },
      });
    const failed = await create("failed-1", { failAt: "creating", failMessage: "Quota exceeded" });
    const creating = await create("creating-1", { hangAt: "creating" });
    const deleting = await create("deleting-1", { remove: "fail" });
    const active = await create("active-1", {});
    await scene.client.until(deleting.id, isActiveWithAgent);
    await scene.client.ask("DELETE", `/v1/machines/${deleting.id}`);
    await scene.client.until(active.id, isActiveWithAgent);
    Object.assign(ids, { active: active.id, failed: failed.id, creating: creating.id, deleting: deleting.id });
  }

  test("axe finds nothing where there is no machine yet, nor in the views about the relay", async () => {
    const page = await scene.open();
    await page.getByRole("heading", { name: "No machine yet" }).waitFor();
    await expectAccessible(page, "empty list");
    await page.keyboard.press("?");
    await dialog(page).waitFor();
    await expectAccessible(page, "help");
    await page.goto(`${scene.relay.url}/about`);
    await page.getByText("simulated").first().waitFor();
    await expectAccessible(page, "about");
    await page.goto(`${scene.relay.url}/join`);
    await page.getByRole("button", { name: "Make the line" }).click();
    await page.getByLabel("The line to run on the host").waitFor();
    await expectAccessible(page, "join with a line");
    await page.goto(`${scene.relay.url}/handlers`);
    await page.getByText("healthy").first().waitFor();
    await expectAccessible(page, "handlers");
    await page.getByRole("button", { name: "Add a handler" }).click();
    await expectAccessible(page, "add a handler");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Change the URL of create" }).click();
    await expectAccessible(page, "change a URL");
  });

  test("axe finds nothing in the create form", async () => {
    const page = await scene.open("/create");
    await page.getByRole("button", { name: /^simulated/ }).waitFor();
    await expectAccessible(page, "drivers");
    await chooseSimulated(page);
    for (const summary of await page.locator("form summary").all()) await summary.click();
    await page.getByLabel("Fail message").waitFor();
    await page.getByLabel("How many").fill("3");
    await page.getByLabel("Name", { exact: true }).fill("-not a name");
    await page.locator("[aria-invalid=true]").first().waitFor();
    await expectAccessible(page, "all options open, and a mistake");
  });

  test("axe finds nothing in the list", async () => {
    await makeMachines();
    const page = await scene.open();
    await page
      .getByRole("row", { name: "deleting-1" })
      .getByText(/^delete fails/)
      .waitFor();
    await expectAccessible(page, "list");
    await page.getByLabel("Select failed-1").check();
    await page.getByRole("region", { name: "Selected machines" }).waitFor();
    await expectAccessible(page, "list with a selection");
    await page.getByLabel("Select all on this page").check();
    await page.getByRole("button", { name: /^Delete 4/ }).click();
    await dialog(page).waitFor();
    await expectAccessible(page, "delete several");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").fill("nothing is called so");
    await page.getByText("No machine matches.").waitFor();
    await expectAccessible(page, "a search that finds nothing");
  });

  test("axe finds nothing on a machine's page", async () => {
    await makeMachines();
    const page = await scene.open(`/machines/${ids.creating}`);
    await page.locator(".log-line").first().waitFor();
    await expectAccessible(page, "creating");
    await page.goto(`${scene.relay.url}/machines/${ids.deleting}`);
    await page.locator("#machine-matter").waitFor();
    await expectAccessible(page, "a deletion that fails");
    await page.getByRole("button", { name: "Delete by force…" }).click();
    await dialog(page).getByRole("button", { name: "Force…" }).click();
    await dialog(page).getByRole("button", { name: "Forget it" }).waitFor();
    await expectAccessible(page, "force");
    await page.goto(`${scene.relay.url}/machines/${ids.failed}`);
    await page.getByRole("button", { name: "Change options and retry…" }).click();
    await dialog(page).locator(".options-grid .field").first().waitFor();
    await expectAccessible(page, "change options");
    await page.keyboard.press("Escape");
    await expectAccessible(page, "failed");
    await page.getByRole("button", { name: "Delete…" }).first().click();
    await expectAccessible(page, "delete");
  });

  test("axe finds nothing in any part of a machine's page, nor among the events", async () => {
    await makeMachines();
    const page = await scene.open(`/machines/${ids.active}?tab=log`);
    await page.locator(".log-line").first().waitFor();
    for (const tab of ["Log", "History", "Connect", "Agent", "Details"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expectAccessible(page, `active, ${tab}`);
    }
    await page.getByRole("button", { name: "Edit labels" }).click();
    await expectAccessible(page, "edit labels");
    await page.goto(`${scene.relay.url}/events`);
    await page
      .getByRole("list", { name: /^Events/ })
      .getByRole("button")
      .first()
      .click();
    await dialog(page).waitFor();
    await expectAccessible(page, "an event");
    await page.keyboard.press("Escape");
    await expectAccessible(page, "events");
  });

  test("every key does what the help says, and never while somebody types", async () => {
    const page = await scene.open("/about");
    await heading(page);
    await page.keyboard.press("?");
    await dialog(page).getByText("this help").waitFor();
    await page.keyboard.press("n");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/about");
    await page.keyboard.press("n");
    await page.waitForURL("**/create");
    const search = page.getByRole("searchbox").first();
    await search.waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("n?/");
    expect(await search.inputValue()).toBe("n?/");
    await page.keyboard.press("Escape");
    expect(await search.inputValue()).toBe("");
    expect(new URL(page.url()).pathname).toBe("/create");
    expect(await dialog(page).count()).toBe(0);
  });

  test("Tab leads to everything that can be used, and one sees where one is", async () => {
    await makeMachines();
    const views = ["/", "/create", `/machines/${ids.failed}`, "/handlers", "/events", "/join", "/about"];
    for (const path of views) {
      const page = await scene.open(path);
      await heading(page);
      if (path === "/create") await chooseSimulated(page);
      if (path === "/handlers") await page.getByText("healthy").first().waitFor();
      expect({ path, ...(await walkByTab(page)) }).toEqual({ path, missed: [], unseen: [] });
    }
  });

  test("a dialog gives the focus back to what opened it", async () => {
    await makeMachines();
    const openers: [path: string, opener: string][] = [
      ["/", "Keys"],
      ["/", "Delete failed-1"],
      [`/machines/${ids.failed}`, "Change options and retry…"],
      [`/machines/${ids.deleting}`, "Delete by force…"],
      ["/handlers", "Add a handler"],
      ["/handlers", "Change the URL of create"],
    ];
    for (const [path, name] of openers) {
      const page = await scene.open(path);
      const opener = page.getByRole("button", { name, exact: true });
      await opener.press("Enter");
      await dialog(page).waitFor();
      await page.locator("dialog:focus, dialog :focus").waitFor();
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
      await opener.and(page.locator(":focus")).waitFor();
    }
  });

  test("nothing moves where no motion is wanted", async () => {
    await makeMachines();
    const countMoving = async (path: string, reducedMotion: "reduce" | "no-preference") => {
      const page = await scene.open(path, { reducedMotion });
      await page.getByText("creating", { exact: true }).filter({ visible: true }).first().waitFor();
      return page.evaluate<number>(
        `document.getAnimations().filter(({ playState }) => playState === "running").length`,
      );
    };
    for (const path of ["/", `/machines/${ids.creating}`]) {
      expect(await countMoving(path, "no-preference")).toBeGreaterThan(0);
      expect(await countMoving(path, "reduce")).toBe(0);
    }
  });
});

/** Runs in the page: remembers what gets the focus, and whether one sees it there. */
const watchFocus = `
  globalThis.focused = new Set();
  globalThis.unseen = [];
  document.addEventListener("focusin", ({ target }) => {
    focused.add(target);
    const { outlineStyle, boxShadow } = getComputedStyle(target);
    if (outlineStyle === "none" && boxShadow === "none") unseen.push(target.outerHTML.slice(0, 100));
  });`;
/** Runs in the page. Of tabs and radio buttons one is a stop, and the arrows lead to the others. */
const tellFocused = `
  const usable = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex='0']";
  const missed = [...document.querySelectorAll(usable)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
    .filter((element) => !focused.has(element))
    .map((element) => element.outerHTML.slice(0, 100));
  ({ missed, unseen });`;

/** `missed`: what can be used and was never reached. `unseen`: what did not show that it has the focus. */
async function walkByTab(page: Page): Promise<{ missed: string[]; unseen: string[] }> {
  await page.evaluate(watchFocus);
  // The first round begins wherever the focus was; the second one at the top.
  for (let round = 0; round < 2; round++) {
    do await page.keyboard.press("Tab");
    while (!(await page.evaluate<boolean>("document.activeElement === document.body")));
  }
  return page.evaluate(tellFocused);
}
