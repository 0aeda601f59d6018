// Words that others wrote, as bad as they can be: wherever the page shows them they are text, and push nothing aside.
import type { ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Reply } from "../../functions/contract.ts";
import { isActiveWithAgent } from "../e2e/relay-client.ts";
import {
  type FakeFunction,
  type Post,
  type Recorded,
  replyTo,
  sendJson,
  startFakeFunction,
} from "../relay/forwarder/fake-function.ts";
import { describePage } from "./scene.ts";

const markup = "<script>alert(1)</script><img src=x onerror=alert(2)><b class=injected>&amp;&lt;";
const rightToLeft = "\u202Etxet desrever";
/** Orders to a terminal: red, and the title of its window. */
const terminal = "\u001b[31mred\u001b[0m\u001b]0;title\u0007";
const short = `${markup} ${rightToLeft} 😀 ${terminal} \0.`;
const long = `${short} ${"W".repeat(10_000)}`;
const clipped = (charactersMax: number) => long.slice(0, charactersMax);

/** The machine's name says what becomes of it. */
function misbehave({ event, send, end }: Post): void {
  const { name } = event.data.machine;
  const reply = (more: Partial<Reply>) => send("reply", replyTo(event, more));
  send("beat", { number: 1 });
  for (const stream of ["stdout", "stderr", "note"]) send("log", { stream, line: long });
  send("progress", { message: long, progress: 41, stage: clipped(100) });
  if (event.name === "machine.create" && name === "works") return;
  if (event.name === "machine.create" && name === "fails") {
    reply({ transitioning: "error", code: "simulated.failed", transitioningMessage: long });
  } else if (event.name === "machine.create" && name === "unknown") {
    reply({ transitioning: "error", code: "outcome.unknown", transitioningMessage: long });
  } else if (event.name === "machine.delete") {
    reply({ transitioning: "error", code: "simulated.failed", transitioningMessage: long });
  } else {
    const fields = { ipAddress: clipped(200), engineVersion: clipped(200), providerId: clipped(200) };
    const labels = { [clipped(256)]: clipped(4_096), tier: markup };
    reply({ transitioningMessage: long, data: { machine: { ...fields, url: clipped(500), "+labels": labels } } });
  }
  end();
}

const option = {
  type: "text",
  default: short,
  text: long,
  environmentVariable: "REGION",
  isSecret: false,
  isFile: false,
};
const program = { name: "docker-machine", version: clipped(200), path: long };
const drivers = [
  { name: "simulated", program, unavailable: null, isSimulated: true },
  { name: "elsewhere", program: null, unavailable: long, isSimulated: false },
];
const [simulated] = drivers;
const described = { ...simulated, options: [{ ...option, name: "region", flag: "--simulated-region" }] };

/** What it says of its drivers. */
function describeDrivers({ path }: Recorded, response: ServerResponse): boolean {
  if (path === "/drivers") sendJson(response, { drivers });
  else if (path === "/drivers/simulated") sendJson(response, described);
  else if (path === "/drivers/simulated/command") {
    sendJson(response, { command: ["docker-machine", "create", long], environment: [], files: [] });
  } else return false;
  return true;
}

/** Runs in the page. */
const findHarm = `({
  injected: document.querySelectorAll("script:not([src]), img, .injected, [onerror]").length,
  isPushedAside: document.documentElement.scrollWidth > innerWidth,
})`;

describePage("hostile text", { environment: { LEASE_MS: "60000" } }, (scene) => {
  const ids: Record<"works" | "fails" | "unknown" | "stands" | "deleting" | "joined", string> = {} as never;
  let functions: FakeFunction;

  async function join(): Promise<string> {
    const { line } = await scene.client.json<{ line: string }>("POST", "/v1/join-tokens", {});
    const token = /\/v1\/scripts\/([\w-]+)/.exec(line)?.[1] ?? "";
    const host = { token, engineId: "an-engine", name: short, engineVersion: clipped(200) };
    const joined = await scene.client.json<{ machineId: string; token: string }>("POST", "/v1/agents/register", host);
    const containers = [{ id: clipped(300), name: long, image: long, state: long }];
    await scene.client.ask("POST", "/v1/agents/report", { token: joined.token, containers, started: [long] });
    return joined.machineId;
  }

  beforeAll(async () => {
    functions = await startFakeFunction({ onAny: describeDrivers, onPost: misbehave }, () => {});
    for (const name of ["create", "bootstrap", "delete"]) {
      await scene.client.ask("PUT", `/v1/handlers/${name}`, { url: functions.url });
    }
    const engine = { labels: { [clipped(256)]: clipped(4_096) }, storageDriver: short };
    for (const name of ["works", "fails", "unknown", "stands", "deleting"] as const) {
      const machine = { name, driver: "simulated", driverConfig: { region: long }, engine, labels: { tier: markup } };
      ids[name] = (await scene.client.json<{ id: string }>("POST", "/v1/machines", machine)).id;
    }
    ids.joined = await join();
    const until = (name: keyof typeof ids, state: string) =>
      scene.client.until(ids[name], (machine) => machine.state === state);
    await Promise.all([until("fails", "error"), until("stands", "active"), until("deleting", "active")]);
    await scene.client.until(ids.joined, isActiveWithAgent);
    await scene.client.ask("DELETE", `/v1/machines/${ids.deleting}`);
  });
  afterAll(() => functions?.close());

  /** Opens a path in a browser that hears of every dialog, and can be looked at in both widths. */
  async function open(path: string): Promise<Page> {
    const page = await scene.open(path);
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    onTestFinished(() => expect(dialogs).toEqual([]));
    return page;
  }

  /** What others wrote is there as text, nothing came of it, and nothing is wider than the window. */
  async function expectHarmless(page: Page, words = markup.slice(0, 20)): Promise<void> {
    await page.getByText(words).first().waitFor();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const found = await page.evaluate<object>(findHarm);
      expect({ width, ...found }).toEqual({ width, injected: 0, isPushedAside: false });
    }
  }

  test("in the list", async () => {
    const page = await open("/");
    await page
      .getByRole("row", { name: "deleting" })
      .getByText(/^delete fails: <script>/)
      .waitFor();
    await page.getByRole("row", { name: "works" }).getByRole("progressbar").waitFor();
    await expectHarmless(page);
    await page.goto(
      `${scene.relay.url}/?${new URLSearchParams({ search: markup, label: markup, driver: markup, state: markup })}`,
    );
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expectHarmless(page, "No machine matches");
  });

  test("in what is the matter with a machine", async () => {
    for (const name of ["works", "fails", "unknown", "deleting"] as const) {
      const page = await open(`/machines/${ids[name]}`);
      if (name !== "works") await page.locator("#machine-matter").waitFor();
      await expectHarmless(page);
    }
  });

  test("in each part of a machine's page", async () => {
    const page = await open(`/machines/${ids.stands}?tab=log`);
    const panel = page.getByRole("tabpanel");
    // The colour is a look and no order; what nobody can see is named.
    await panel.getByText("red", { exact: true }).first().waitFor();
    await panel.getByText("^@").first().waitFor();
    await expectHarmless(page);
    await page.getByRole("tab", { name: "History" }).click();
    await panel.getByText("<script>").first().waitFor();
    await expectHarmless(page);
    await page.getByRole("tab", { name: "Connect" }).click();
    await expectHarmless(page);
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByText("Raw JSON").click();
    await page.getByRole("region", { name: "Raw JSON" }).waitFor();
    await expectHarmless(page);
    await page.getByRole("button", { name: "Edit labels" }).click();
    await expectHarmless(page);
    await page.goto(`${scene.relay.url}/machines/${ids.joined}?tab=agent`);
    await panel.getByRole("row").getByText("<script>").first().waitFor();
    await expectHarmless(page);
  });

  test("in the forms and dialogs of a machine", async () => {
    const page = await open(`/machines/${ids.fails}`);
    await page.getByRole("button", { name: "Change options and retry…" }).click();
    expect(await page.getByLabel("Region").inputValue()).toContain(markup);
    await expectHarmless(page);
    await page.goto(`${scene.relay.url}/create?like=${ids.fails}`);
    await page.getByText("Driver").first().waitFor();
    await page.locator(".create-side pre, .create-side code").getByText("<script>").first().waitFor();
    await expectHarmless(page);
    await page.goto(`${scene.relay.url}/machines/${ids.deleting}`);
    await page.getByRole("button", { name: "Delete by force…" }).click();
    await page.getByRole("dialog").getByText("<script>").first().waitFor();
    await expectHarmless(page);
  });

  test("on the bus", async () => {
    const page = await open("/events");
    await page.getByText("Listening.").waitFor();
    await page
      .getByRole("button", { name: /^resource\.log/ })
      .first()
      .click();
    await scene.client.ask("POST", `/v1/machines/${ids.fails}/retry`);
    await page.locator(".events-row").getByText("<script>").first().waitFor();
    await expectHarmless(page);
    await page
      .getByRole("list", { name: /^Events/ })
      .getByRole("button", { name: "resource.log" })
      .first()
      .click();
    await page.getByRole("dialog").getByText("<script>").first().waitFor();
    await expectHarmless(page);
  });

  test("in an address", async () => {
    const page = await open(`/machines/${encodeURIComponent(markup)}`);
    await page.getByRole("heading", { name: "There is no such machine" }).waitFor();
    await expectHarmless(page);
    await page.goto(`${scene.relay.url}/create?like=${encodeURIComponent(markup)}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expectHarmless(page, "There is no");
  });
});
