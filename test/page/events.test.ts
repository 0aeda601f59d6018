import { expect, test } from "vitest";
import { describePage } from "./scene.ts";

/** Longer than a busy machine keeps a beat waiting: a run that is lost would be another test. */
const environment = { LEASE_MS: "60000" };

describePage("the bus", { environment }, (scene) => {
  test("events are shown as they happen, can be paused and opened, and hold no secret", async () => {
    const page = await scene.open("/events");
    await page.getByText("Listening.").waitFor();
    const secret = "a-token-that-nobody-may-read";
    const machine = { name: "web-1", driver: "simulated", driverConfig: { accessToken: secret, durationMs: "2000" } };
    const { id } = await scene.client.create(machine);
    await page.getByRole("button", { name: "machine.create", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "machine.create" });
    await dialog.getByText(`"resourceId": "${id}"`).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: /^Go on: \d+ new$/ }).click();
    await page.getByLabel("Machine: its name or id").fill(id.slice(-6));
    await page.getByText("active · agent connected").first().waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByLabel("Machine: its name or id").fill("another");
    await page.getByText("None of them is like that.").waitFor();
  });

  test("a relay that dies is told of, and what may be missing is said where it is missing", async () => {
    const page = await scene.open("/events");
    await page.getByText("Listening.").waitFor();
    await scene.relay.kill();
    await page.getByText("The relay does not answer.").waitFor();
    await scene.relay.start();
    await page.getByText("What happened before this may be missing here.").waitFor();
    await page.getByText("The relay does not answer.").waitFor({ state: "detached" });
  });
});
