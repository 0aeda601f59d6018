import { expect, test } from "vitest";
import { isActiveWithAgent, isDeleted } from "../e2e/relay-client.ts";
import { describePage } from "./scene.ts";

const quick = { durationMs: "300" };

describePage("deleting", {}, (scene) => {
  const create = (name: string, driverConfig: object = quick) =>
    scene.client.json<{ id: string }>("POST", "/v1/machines", { name, driver: "simulated", driverConfig });

  /** A host that nobody created here: real, as far as the page knows. */
  async function join(name: string): Promise<string> {
    const { line } = await scene.client.json<{ line: string }>("POST", "/v1/join-tokens", {});
    const token = /\/v1\/scripts\/([\w-]+)/.exec(line)?.[1];
    const body = { token, engineId: name, name };
    return (await scene.client.json<{ machineId: string }>("POST", "/v1/agents/register", body)).machineId;
  }

  test("a real machine goes only when its name is typed, and the dialog says what becomes of it", async () => {
    const id = await join("attic-1");
    const page = await scene.open(`/machines/${id}`);
    await page.getByRole("button", { name: "Delete…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The host stays as it is").waitFor();
    const confirm = dialog.getByRole("button", { name: "Delete", exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Type attic-1 to confirm").fill("attic-2");
    expect(await confirm.isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByLabel("Type attic-1 to confirm").fill("attic-1");
    await dialog.getByLabel("Type attic-1 to confirm").press("Enter");
    await scene.client.until(id, isDeleted);
    await page.getByText("deleted", { exact: true }).first().waitFor();
  });

  test("several with a real one among them want their number typed", async () => {
    await join("attic-3");
    await create("with-1");
    const page = await scene.open("/");
    for (const name of ["attic-3", "with-1"]) {
      await page.getByRole("row").filter({ hasText: name }).getByRole("checkbox").check();
    }
    await page.getByRole("button", { name: /^Delete 2/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("listitem").filter({ hasText: "attic-3" }).getByText("the host stays as it is").waitFor();
    await dialog.getByRole("listitem").filter({ hasText: "with-1" }).getByText("not real").first().waitFor();
    await dialog.getByLabel("Type delete 2 to confirm").fill("delete 2");
    await dialog.getByRole("button", { name: "Delete 2 machines" }).click();
    await page.getByRole("row").filter({ hasText: "attic-3" }).waitFor({ state: "detached" });
  });

  test("a deletion that keeps failing says why and when it is tried again, can be tried now, and be forced", async () => {
    const { id } = await create("stays-1", { ...quick, remove: "fail" });
    await scene.client.until(id, isActiveWithAgent);
    const page = await scene.open(`/machines/${id}`);
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Delete: an attempt failed").waitFor();
    await page.getByLabel("The error's own words").getByText("500 Server was unable").waitFor();
    await page.getByText(/The next one comes in/).waitFor();
    const attemptsOf = async () =>
      (await scene.client.json<{ process: { attempt: number } }>("GET", `/v1/machines/${id}`)).process.attempt;
    const before = await attemptsOf();
    await page.getByRole("button", { name: "Try now", exact: true }).click();
    await expect.poll(attemptsOf).toBeGreaterThan(before);

    await page.getByRole("button", { name: "Delete by force…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Force…" }).click();
    await dialog.getByText("The provider is not asked").waitFor();
    await dialog.getByRole("button", { name: "Forget it" }).click();
    await scene.client.until(id, isDeleted);
    await page.getByText("deleted", { exact: true }).first().waitFor();
  });

  test("changed options make a deletion possible that was not", async () => {
    const { id } = await create("stays-2", { ...quick, remove: "fail" });
    await scene.client.until(id, isActiveWithAgent);
    await scene.client.ask("DELETE", `/v1/machines/${id}`);
    const page = await scene.open(`/machines/${id}`);
    await page.getByText("Delete: an attempt failed").waitFor();
    // Before, in and after an attempt.
    await page.getByRole("button", { name: "Change options, then try now…" }).click();
    await page.getByRole("dialog").getByLabel("Remove", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await scene.client.ask("DELETE", `/v1/machines/${id}?force=true`);
  });
});
