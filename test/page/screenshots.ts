// `npm run screenshots`: the main views, with machines in every state, for whoever builds the page to look at, and two of
// them for the README.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { isActiveWithAgent, isDeleted } from "../e2e/relay-client.ts";
import { findBrowser } from "./browser.ts";
import { openStage, type Stage } from "./stage.ts";

const directory = new URL("./screenshots/", import.meta.url).pathname;
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const dark = { ...desktop, colorScheme: "dark" } as const;

const browserPath = findBrowser();
if (!browserPath) throw new Error("there is no Chromium on PATH (or in CHROMIUM)");
await mkdir(directory, { recursive: true });
const stage = await openStage(browserPath);
try {
  await shootEmpty(stage);
  const machines = await makeMachines(stage);
  await shoot(stage, "machines", "/", desktop);
  await shoot(stage, "machines-dark", "/", dark);
  await shoot(stage, "machines-phone", "/", phone);
  await shoot(stage, "create", "/create", desktop, chooseSimulated);
  await shoot(stage, "create-phone", "/create", phone, chooseSimulated);
  await shoot(stage, "machine-creating", `/machines/${machines.creating}`, desktop);
  await shoot(stage, "machine-active", `/machines/${machines.active}`, desktop);
  await shoot(stage, "machine-error", `/machines/${machines.failed}`, desktop);
  await shoot(stage, "machine-error-dark", `/machines/${machines.failed}`, dark);
  await shoot(stage, "machine-error-phone", `/machines/${machines.failed}`, phone);
  await shoot(stage, "machine-deleting", `/machines/${machines.deleting}`, desktop);
  for (const view of ["handlers", "events", "join", "about"]) await shoot(stage, view, `/${view}`, desktop);
} finally {
  await stage.remove();
}

async function shootEmpty(stage: Stage): Promise<void> {
  await shoot(stage, "empty", "/", desktop);
}

/** One in each state that a person meets, and some for the past durations. */
async function makeMachines({ client }: Stage) {
  const create = (name: string, driverConfig: Record<string, string> = {}, labels: Record<string, string> = {}) =>
    client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig, labels });
  const gone = await create("build-0");
  await client.until(gone.id, isActiveWithAgent);
  await client.ask("DELETE", `/v1/machines/${gone.id}`);
  await client.until(gone.id, isDeleted);
  const active = [];
  for (const [index, site] of ["ams", "ams", "nyc"].entries()) {
    const { id } = await create(`web-${index + 1}`, {}, { tier: "web", site });
    await client.until(id, isActiveWithAgent);
    active.push(id);
  }
  const failed = await create(
    "runner-7",
    { failAt: "creating", failMessage: "Quota exceeded for quota metric 'CPUs' in region nowhere-1" },
    { tier: "ci" },
  );
  await client.until(failed.id, ({ state }) => state === "error").catch(() => {});
  const deleting = await create("old-3", { remove: "fail" });
  await client.until(deleting.id, isActiveWithAgent);
  await client.ask("DELETE", `/v1/machines/${deleting.id}`);
  const creating = await create("runner-8", { durationMs: "120000", linesPerSecond: "2" }, { tier: "ci" });
  await client.until(creating.id, ({ transitioningProgress }) => (transitioningProgress ?? 0) >= 40);
  return { active: active[0], failed: failed.id, deleting: deleting.id, creating: creating.id };
}

async function chooseSimulated(page: Page): Promise<void> {
  await page.getByText("simulated", { exact: true }).first().click();
}

async function shoot(
  { browser, relay }: Stage,
  name: string,
  path: string,
  options: BrowserContextOptions,
  act: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(relay.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await act(page);
  // What the view asks for is there when nothing is asked for any more; its streams never end.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(directory, `${name}.png`) });
  await context.close();
  process.stdout.write(`${name}.png\n`);
}
