// What a person sees while the relay, the network or the functions are away, and after it: all that happened, and nothing
// twice.
import type { Page, Request } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { isDeleted } from "../e2e/relay-client.ts";
import { layCable } from "./cable.ts";
import { describePage } from "./scene.ts";

/** Many lines for some seconds: long enough to lose the connection in the middle of them. */
const talkative = { durationMs: "6000", linesPerSecond: "40" };
const quick = { durationMs: "300" };

describePage("a connection that is lost", {}, (scene) => {
  const { create, remove, until } = {
    create: (name: string, driverConfig: Record<string, string> = quick) =>
      scene.client.create({ name, driver: "simulated", driverConfig }),
    remove: async (id: string) => {
      await scene.client.ask("DELETE", `/v1/machines/${id}`);
      await scene.client.until(id, isDeleted);
    },
    until: (id: string, state: string) => scene.client.until(id, (machine) => machine.state === state),
  };
  const banner = (page: Page) => page.getByText("The relay does not answer. What is shown may be old.");
  /** Asked for at once, unless it comes by itself meanwhile. */
  const isBack = async (page: Page) => {
    const gone = banner(page).waitFor({ state: "detached" });
    const tryNow = page.getByRole("button", { name: "Try now" });
    await Promise.race([gone, tryNow.click().catch(() => gone)]);
    await gone;
  };
  const isList = (request: Request) => new URL(request.url()).pathname === "/v1/machines";
  const row = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name }) });
  const rowNames = async (page: Page) => (await page.getByRole("row").getByRole("link").allTextContents()).sort();

  /** The page cannot hear what happens until this is over; the relay is not touched. */
  async function keepDeaf(page: Page): Promise<() => Promise<void>> {
    await page.route("**/v1/subscribe?**", (route) => route.abort());
    return () => page.unroute("**/v1/subscribe?**");
  }

  async function openByCable(path: string) {
    const cable = await layCable(scene.relay.url);
    onTestFinished(() => cable.remove());
    return { cable, page: await scene.open(path, { baseURL: cable.url }) };
  }

  /** Its numbers as the page shows them, once the newest that the relay keeps is among them. */
  async function shownLines(page: Page, id: string): Promise<{ shown: number[]; kept: number[] }> {
    const { data } = await scene.client.json<{ data: { number: number }[] }>(
      "GET",
      `/v1/machines/${id}/log?limit=1000`,
    );
    const kept = data.map(({ number }) => number);
    await page.locator(`.log-line[data-number="${kept.at(-1)}"]`).waitFor({ state: "attached" });
    const shown = await page.evaluate<number[]>(
      `[...document.querySelectorAll(".log-line")].map(({ dataset }) => Number(dataset.number))`,
    );
    return { shown, kept };
  }

  test("a relay that was killed is waited for, and what changed before and meanwhile is there, once", async () => {
    const kept = await create("kept");
    const goes = await create("goes");
    const fails = await create("fails", { hangAt: "creating" });
    await Promise.all([until(kept.id, "active"), until(goes.id, "active")]);
    const page = await scene.open();
    await row(page, "goes").getByText("active", { exact: true }).waitFor();
    const hear = await keepDeaf(page);
    await create("made-before");
    await scene.relay.kill();
    await banner(page).waitFor();
    await page.getByText(/Next try in \d+ s\./).waitFor();
    await scene.relay.start();
    await create("made-after");
    await remove(goes.id);
    await scene.client.ask("PATCH", `/v1/machines/${kept.id}`, { labels: { tier: "changed-meanwhile" } });
    await scene.client.ask("DELETE", `/v1/machines/${fails.id}`);
    await until(fails.id, "deleted");
    await create("fails-meanwhile", { ...quick, failAt: "creating", failMessage: "no room" });
    await hear();
    await isBack(page);
    await row(page, "made-after").waitFor();
    await row(page, "kept").getByText("tier=changed-meanwhile").waitFor();
    await row(page, "fails-meanwhile").getByText("no room").waitFor();
    await row(page, "goes").waitFor({ state: "detached" });
    expect(await rowNames(page)).toEqual(["fails-meanwhile", "kept", "made-after", "made-before"]);
  });

  test("a short cut of the network is resumed where it was: the list is not loaded again, and nothing is missed", async () => {
    const goes = await create("cut-goes");
    await until(goes.id, "active");
    const { cable, page } = await openByCable("/?search=cut-");
    await row(page, "cut-goes").waitFor();
    const lists: string[] = [];
    const resumed: (string | undefined)[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (isList(request)) lists.push(request.url());
      if (pathname === "/v1/subscribe") resumed.push(request.headers()["last-event-id"]);
    });
    cable.cut();
    await banner(page).waitFor();
    const made = await create("cut-made");
    await scene.client.ask("PATCH", `/v1/machines/${made.id}`, { labels: { tier: "of-the-cut" } });
    await remove(goes.id);
    cable.mend();
    await isBack(page);
    await row(page, "cut-made").getByText("tier=of-the-cut").waitFor();
    await row(page, "cut-goes").waitFor({ state: "detached" });
    expect(await rowNames(page)).toEqual(["cut-made"]);
    expect(lists).toEqual([]);
    expect(resumed.at(-1)).toBeTruthy();
  });

  test("a list that could not be loaded is loaded with the next connection, though that one can resume", async () => {
    const goes = await create("behind-1");
    await until(goes.id, "active");
    const { cable, page } = await openByCable("/?search=behind-");
    await row(page, "behind-1").waitFor();
    const hear = await keepDeaf(page);
    await scene.relay.kill();
    await banner(page).waitFor();
    await scene.relay.start();
    // One that is gone is never heard of again.
    await remove(goes.id);
    const isAsked = page.waitForRequest(isList);
    await page.route("**/v1/machines?**", (route) => route.abort());
    await hear();
    await isAsked;
    await banner(page).waitFor({ state: "detached" });
    await page.unroute("**/v1/machines?**");
    const isAskedAgain = page.waitForRequest(isList);
    cable.cut();
    await banner(page).waitFor();
    cable.mend();
    await isAskedAgain;
    await row(page, "behind-1").waitFor({ state: "detached" });
  });

  test("the log of a machine has each line once after a cut of the network and after a relay that was killed", async () => {
    const { id } = await create("talkative", talkative);
    const { cable, page } = await openByCable(`/machines/${id}?tab=log`);
    await page.locator(".log-line").nth(20).waitFor({ state: "attached" });
    cable.cut();
    await banner(page).waitFor();
    cable.mend();
    await isBack(page);
    const before = await page.locator(".log-line").count();
    await page
      .locator(".log-line")
      .nth(before + 20)
      .waitFor({ state: "attached" });
    await scene.relay.kill();
    await banner(page).waitFor();
    await scene.relay.start();
    await page.getByRole("main").getByText("active", { exact: true }).first().waitFor();
    const { shown, kept } = await shownLines(page, id);
    expect(kept.length).toBeGreaterThan(before);
    expect(shown).toEqual(kept);
  });

  test("functions that are killed in the middle of a create: the page says what it waits for, and the machine comes", async () => {
    const { id } = await create("interrupted", { durationMs: "3000" });
    const page = await scene.open(`/machines/${id}`);
    await page
      .getByText(/^Creating the|^Creating/)
      .first()
      .waitFor();
    await scene.client.until(id, ({ transitioningProgress }) => (transitioningProgress ?? 0) >= 40);
    await scene.functions.kill();
    await page.getByRole("heading", { name: "Create: an attempt failed, the next one comes by itself" }).waitFor();
    await page
      .getByText(/The next one comes in|The next one begins now|under way/)
      .first()
      .waitFor();
    await scene.functions.start();
    await page.getByRole("main").getByText("active", { exact: true }).first().waitFor();
    await page.getByRole("heading", { name: "an attempt failed" }).waitFor({ state: "detached" });
  });
});
