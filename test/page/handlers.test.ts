import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findFreePorts, Program } from "../e2e/program.ts";
import type { Machine } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

/** Longer than a busy machine keeps a beat waiting: a run that is lost would be another test. */
const environment = { LEASE_MS: "60000" };

describePage("the handlers", { environment }, (scene) => {
  test("creates that are under way end where they began, while new ones go to the new URL", async () => {
    const [port] = await findFreePorts(1);
    const newFunctions = new Program("functions/main.ts", {
      url: `http://127.0.0.1:${port}`,
      logPath: join(scene.directory, "new-functions.log"),
      environment: { ...scene.functionsEnvironment, PORT: String(port) },
    });
    onTestFinished(() => newFunctions.kill());
    await newFunctions.start();
    const [oldUrl, newUrl] = [`${scene.functions.url}/create`, `${newFunctions.url}/create`];
    const page = await scene.open("/handlers");
    await page.getByText("healthy").first().waitFor();
    const create = (name: string) =>
      scene.client.create({ name, driver: "simulated", driverConfig: { durationMs: "20000" } });
    const isUnderWay = ({ stage }: Machine) => stage !== null;
    const before = await create("before");
    await scene.client.until(before.id, isUnderWay);
    await page.getByRole("button", { name: "Change the URL of create" }).click();
    await page.getByRole("dialog").getByLabel("URL").fill(newUrl);
    await page.getByRole("dialog").getByRole("button", { name: "Test", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Use it", exact: true }).click();
    const after = await create("after");
    await page.getByText("1 under way here, at the new URL").waitFor();
    await page.getByText(`1 under way still at ${oldUrl}`).waitFor();
    await page.getByText(`0 under way still at ${oldUrl}: all have ended`).waitFor();
    for (const [{ id }, url] of [
      [before, oldUrl],
      [after, newUrl],
    ] as const) {
      await scene.client.until(id, ({ state }) => state === "active");
      const runs = (await scene.client.history(id)).filter(({ message }) => /^run \d+ at .*\/create /.test(message));
      expect(runs.map(({ message }) => message)).toEqual([expect.stringContaining(`run 1 at ${url} `)]);
    }
    await scene.client.ask("PUT", "/v1/handlers/create", { url: oldUrl });
  });

  test("a URL is tested before it is used, and a swap shows what is under way at the old and at the new one", async () => {
    const page = await scene.open("/handlers");
    await page.getByText("healthy").first().waitFor();
    // Under way at the old URL for as long as the swap is looked at.
    await scene.client.create({ name: "slow", driver: "simulated", driverConfig: { hangAt: "creating" } });
    await page.getByRole("button", { name: "Change the URL of create" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("URL").fill("http://127.0.0.1:1/create");
    await dialog.getByRole("button", { name: "Test", exact: true }).click();
    await dialog.getByText("unreachable").waitFor();
    expect(await dialog.getByRole("button", { name: "Use it", exact: true }).isDisabled()).toBe(true);
    const newUrl = `${scene.functions.url.replace("127.0.0.1", "localhost")}/create`;
    await dialog.getByLabel("URL").fill(newUrl);
    await dialog.getByRole("button", { name: "Test", exact: true }).click();
    await dialog.getByText("healthy").waitFor();
    await dialog.getByRole("button", { name: "Use it", exact: true }).click();
    await page.getByText("0 under way here, at the new URL").waitFor();
    await page.getByText(`1 under way still at ${scene.functions.url}/create`).waitFor();
    const { data } = await scene.client.json<{ data: { name: string; url: string }[] }>("GET", "/v1/handlers");
    expect(data.find(({ name }) => name === "create")?.url).toBe(newUrl);
  });

  test("a handler that listens gets a key of its own, shown this once, and machines wait until somebody listens", async () => {
    const page = await scene.open("/handlers");
    await page.getByRole("button", { name: "Add a handler" }).click();
    await page.getByLabel(/^Name/).fill("dns");
    await page.getByLabel("It listens on the bus").check();
    const key = await page.getByLabel("Key", { exact: true }).inputValue();
    await page.getByRole("button", { name: "Add it", exact: true }).click();
    await page.getByText("This is the only time that the key is shown.").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("nobody listens").waitFor();
    expect(await page.content()).not.toContain(key);
    const listening = new AbortController();
    await fetch(`${scene.relay.url}/v1/subscribe`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ eventNames: ["machine.create;handler=dns"] }),
      signal: listening.signal,
    });
    await page.getByText("listening", { exact: true }).waitFor();
    listening.abort();
    await page.getByRole("button", { name: "Remove dns" }).click();
    await page.getByRole("dialog").getByText("they go on without it").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("a listener on the bus").waitFor({ state: "detached" });
  });
});
