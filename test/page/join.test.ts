import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

describePage("joining", {}, (scene) => {
  test("a line is made and shown this once, and a host that joins with it appears", async () => {
    const page = await scene.open("/join");
    await page.getByLabel("Labels").fill("role=web");
    await page.getByRole("button", { name: "Make the line" }).click();
    const line = (await page.getByLabel("The line to run on the host").textContent()) ?? "";
    const token = /\/v1\/scripts\/([\w-]+)/.exec(line)?.[1] ?? "";
    const { machineId } = await scene.client.json<{ machineId: string }>("POST", "/v1/agents/register", {
      token,
      engineId: "an-engine",
      name: "attic-1",
    });
    await page.getByText("has joined").waitFor();
    expect(await page.getByRole("link", { name: "attic-1" }).getAttribute("href")).toBe(`/machines/${machineId}`);
    expect(await scene.client.json("GET", `/v1/machines/${machineId}`)).toMatchObject({ labels: { role: "web" } });
    await page.reload();
    await page.getByRole("button", { name: "Make the line" }).waitFor();
    expect(await page.content()).not.toContain(token);
  });
});
