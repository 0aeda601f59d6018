import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

const apiKey = "a-key-of-the-tests-only";

describePage("with API keys", { apiKey }, (scene) => {
  test("nothing of the relay's data is asked for before the key is given, and a wrong key says so", async () => {
    const page = await scene.open("/about");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("This key opens nothing here.").waitFor();
    expect(new Set(asked.filter((path) => !path.startsWith("/assets/")))).toEqual(new Set(["/v1/about"]));
    await page.getByLabel("API key").fill(apiKey);
    await page.getByLabel("API key").press("Enter");
    await page.getByRole("heading", { level: 1, name: "About" }).waitFor();
  });
});
