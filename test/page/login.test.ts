import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessible.ts";
import { describePage } from "./scene.ts";

const apiKey = "a-key-of-the-tests-only";
const nextApiKey = "the-next-key-of-the-tests";
const handlerKey = "the-key-of-a-handler";

async function logIn(page: Page, key: string): Promise<void> {
  await page.getByLabel("API key").fill(key);
  await page.getByLabel("API key").press("Enter");
}

describePage("with API keys", { apiKey }, (scene) => {
  test("nothing of the relay's data is asked for before the key is given, and a wrong key says so", async () => {
    const page = await scene.open("/about");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("This key opens nothing here.").waitFor();
    await expectAccessible(page, "login with a wrong key");
    expect(new Set(asked.filter((path) => !path.startsWith("/assets/")))).toEqual(new Set(["/v1/about"]));
    await page.getByLabel("API key").fill(apiKey);
    await page.getByLabel("API key").press("Enter");
    await page.getByRole("heading", { level: 1, name: "About" }).waitFor();
  });

  test("a handler's key is told to be one, and opens nothing", async () => {
    await scene.client.json("PUT", "/v1/handlers/dns", { event: "machine.create", order: 200, key: handlerKey });
    const page = await scene.open("/about");
    await logIn(page, handlerKey);
    await page.getByText("This is a handler's key").waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
    await scene.client.ask("DELETE", "/v1/handlers/dns");
  });

  test("whoever logs out leaves nothing on the page, and nothing is asked for after it", async () => {
    const page = await scene.open("/handlers");
    await logIn(page, apiKey);
    await page.getByText("healthy").first().waitFor();
    expect(page.url()).toBe(`${scene.relay.url}/handlers`);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    const asked: string[] = [];
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("API key").waitFor();
    page.on("request", (request) => asked.push(request.url()));
    expect(await page.getByText("machine.create").count()).toBe(0);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await logIn(page, "not-this-one");
    await page.getByText("This key opens nothing here.").waitFor();
    expect(asked).toEqual([`${scene.relay.url}/v1/about`]);
  });

  test("a key that is revoked leads back to the login, and what was typed is there after it", async () => {
    const page = await scene.open("/handlers");
    await logIn(page, apiKey);
    await page.getByRole("button", { name: "Add a handler" }).click();
    await page.getByLabel(/^Name/).fill("half-typed");
    await scene.relay.kill();
    await scene.relay.start({ API_KEYS: nextApiKey });
    await page.getByText("The relay no longer takes the key of this tab.").waitFor();
    await expectAccessible(page, "login over a view");
    await logIn(page, nextApiKey);
    await page.getByText("The relay no longer takes the key of this tab.").waitFor({ state: "detached" });
    expect(await page.getByLabel(/^Name/).inputValue()).toBe("half-typed");
    await scene.relay.kill();
    await scene.relay.start();
  });
});
