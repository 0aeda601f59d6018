import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { answer, joinHosts, makeActive, replaceFunctions } from "./in-place-of-functions.ts";
import { describePage, type Scene } from "./scene.ts";

const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByLabel(`Select ${name}`) });
const namesIn = (page: Page) => page.locator("tbody .machines-name a").allTextContents();
const foundIn = (page: Page, count: number) => page.getByText(`${count} found`, { exact: true }).waitFor();

describePage("a list without machines", { environment: { LEASE_MS: "60000" } }, (scene) => {
  test("offers a machine to try, one to create, and the line that joins a host; and nothing that is deleted", async () => {
    const page = await scene.open("/");
    const main = page.getByRole("main");
    await main.getByText("No machine yet").waitFor();
    expect(await page.title()).toBe("Machines · machine-relay");
    expect(await main.locator("section").getByRole("link").allTextContents()).toEqual([
      "Create a machine",
      "join a host that you have",
    ]);
    await main.getByRole("button", { name: "Try it" }).click();
    await page.waitForURL(/\/machines\/mch_/);
    await page.goBack();
    await rowOf(page, "try-1").getByText("not real").waitFor();
    // All of its life is seen here, without a reload.
    await rowOf(page, "try-1").getByText("active").waitFor();
    await rowOf(page, "try-1").getByText("connected").waitFor();
    await page.getByRole("button", { name: "Delete try-1" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await main.getByText("No machine yet").waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Show the deleted ones" }).click();
    await page.getByRole("cell", { name: "deleted", exact: true }).waitFor();
  });
});

describePage("the list of machines", {}, (scene) => {
  test("a row shows what a handler says at the moment that it says it", async () => {
    await replaceFunctions(scene.client);
    const page = await scene.open("/");
    const { id } = await scene.client.create({ name: "live-1", driver: "digitalocean" });
    const row = rowOf(page, "live-1");
    await row.getByText("creating").waitFor();
    const words = { transitioningMessage: "Waiting for SSH to be available", transitioningProgress: 41 };
    await answer(scene.client, id, { transitioning: "yes", ...words });
    await row.getByText(words.transitioningMessage).waitFor();
    await row.getByText("41 %").waitFor();
    expect(await row.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("41");
    await answer(scene.client, id, { data: { machine: { ipAddress: "203.0.113.9", engineVersion: "28.5.2" } } });
    await row.getByText("bootstrapping").waitFor();
    await answer(scene.client, id);
    await row.getByText("active").waitFor();
    for (const text of ["203.0.113.9", "digitalocean", "waiting", "Docker 28.5.2"]) await row.getByText(text).waitFor();
    expect(await row.locator("td.machines-age time").count()).toBe(1);
    expect(await row.getByText("not real").count()).toBe(0);
  });

  test("search, state, driver and label find machines, the address keeps them, and one press clears them", async () => {
    await replaceFunctions(scene.client);
    await joinHosts(scene.client, ["db-2", "db-10"], { tier: "db" });
    const failed = await scene.client.create({ name: "db-9", driver: "exoscale" });
    await answer(scene.client, failed.id, { transitioning: "error", transitioningMessage: "no quota" });
    const page = await scene.open("/");
    await page.getByLabel("Search machines by name, address or id").fill("db-");
    await foundIn(page, 3);
    await page.getByLabel("State").selectOption("error");
    await foundIn(page, 1);
    await rowOf(page, "db-9").getByText("no quota").waitFor();
    await page.getByLabel("State").selectOption("");
    await page.getByLabel("Driver").selectOption("joined");
    await foundIn(page, 2);
    await page.getByLabel("Driver").selectOption("");
    await page.getByLabel(/^Label/).fill("tier=db");
    await foundIn(page, 2);
    await page.getByRole("button", { name: "Name" }).click();
    await page.waitForURL("**/?search=db-&label=tier%3Ddb&sort=name");
    await page.reload();
    await foundIn(page, 2);
    expect(await namesIn(page)).toEqual(["db-2", "db-10"]);
    await page.getByRole("button", { name: "Name" }).click();
    await page.getByRole("columnheader", { name: "Name" }).and(page.locator("[aria-sort=descending]")).waitFor();
    expect(await namesIn(page)).toEqual(["db-10", "db-2"]);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForURL("**/?sort=-name");
    await page.goBack();
    await foundIn(page, 2);
  });

  test("pages hold fifty, all pages can be selected, and the way back from a machine leads to where one was", async () => {
    await joinHosts(
      scene.client,
      Array.from({ length: 53 }, (_, index) => `host-${index + 1}`),
    );
    const page = await scene.open("/?search=host-&sort=name");
    await foundIn(page, 53);
    expect(await namesIn(page)).toHaveLength(50);
    await page.getByRole("link", { name: "host-40", exact: true }).scrollIntoViewIfNeeded();
    const before = Number(await page.evaluate("scrollY"));
    expect(before).toBeGreaterThan(0);
    await page.getByRole("link", { name: "host-40", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "host-40" }).waitFor();
    expect(await page.evaluate("scrollY")).toBe(0);
    expect(await page.title()).toBe("host-40 · active · machine-relay");
    await page.goBack();
    await page.waitForFunction(`scrollY === ${before}`);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("51–53 of 53").waitFor();
    expect(await namesIn(page)).toEqual(["host-51", "host-52", "host-53"]);
    await page.getByLabel("Select all on this page").check();
    await page.getByText("3 selected").waitFor();
    await page.getByRole("button", { name: "Select all 53" }).click();
    await page.getByText("53 selected").waitFor();
    // What a filter hides is not acted upon.
    await page.getByLabel("Search machines by name, address or id").fill("host-5");
    await page.getByText("5 selected").waitFor();
  });

  test("several are retried at once, and what is refused stays selected and says why", async () => {
    await replaceFunctions(scene.client);
    const ids = await failTwo(scene);
    const page = await scene.open("/?search=ci-&state=error");
    await page.getByLabel("Select all on this page").check();
    // Somebody else was quicker with one of them, and nobody has told this page yet.
    await page.route(`**/v1/machines/${ids[1]}/retry`, (route) =>
      route.fulfill({ status: 409, json: { status: 409, code: "machine.wrongState", detail: "cannot retry ci-2" } }),
    );
    await page.getByRole("button", { name: "Retry 2 in error" }).click();
    await page.getByText("One request failed:").waitFor();
    await page.getByText("ci-2: cannot retry ci-2 machine.wrongState").waitFor();
    await page.getByText("1 selected").waitFor();
    expect(await scene.client.json("GET", `/v1/machines/${ids[0]}`)).toMatchObject({ state: "creating" });
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByText("One request failed:").waitFor({ state: "detached" });
  });

  test("what others wrote changes nothing but its own text, on a telephone too", async () => {
    await replaceFunctions(scene.client);
    const { id } = await scene.client.create({ name: "hostile", driver: "digitalocean" });
    const message = `<img src=x onerror=alert(1)>\u202E${"y".repeat(10_000)}`;
    await answer(scene.client, id, { transitioning: "error", transitioningMessage: message });
    const page = await scene.open("/", { viewport: { width: 360, height: 740 } });
    await page.getByText("<img src=x").first().waitFor();
    expect(await page.locator("tbody img").count()).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });

  test("a simulated machine is marked, and a real one is not", async () => {
    await replaceFunctions(scene.client);
    await makeActive(scene.client, "pretend", "simulated");
    await makeActive(scene.client, "earnest", "digitalocean");
    const page = await scene.open("/");
    await rowOf(page, "pretend").getByText("not real").waitFor();
    expect(await rowOf(page, "earnest").getByText("not real").count()).toBe(0);
  });
});

async function failTwo({ client }: Scene): Promise<string[]> {
  const ids = [];
  for (const name of ["ci-1", "ci-2"]) {
    const { id } = await client.create({ name, driver: "digitalocean" });
    await answer(client, id, { transitioning: "error", transitioningMessage: "no quota" });
    ids.push(id);
  }
  return ids;
}
