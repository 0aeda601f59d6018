import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { answer, joinHosts, makeActive, replaceFunctions } from "./in-place-of-functions.ts";
import { describePage } from "./scene.ts";

const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByLabel(`Select ${name}`) });

describePage("deleting", {}, (scene) => {
  const stateOf = async (id: string) => (await scene.client.json<{ state: string }>("GET", `/v1/machines/${id}`)).state;
  const openDialog = async (name: string) => {
    await replaceFunctions(scene.client);
    const page = await scene.open(`/?search=${name}`);
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    const dialog = page.getByRole("dialog");
    return { page, dialog, confirm: dialog.getByRole("button", { name: "Delete", exact: true }) };
  };

  test("a real machine is deleted only when its name was typed, and what is destroyed is said before", async () => {
    await replaceFunctions(scene.client);
    const id = await makeActive(scene.client, "real-1", "digitalocean");
    const { page, dialog, confirm } = await openDialog("real-1");
    await dialog.getByText(/^The VM real-1-\w+ at digitalocean is destroyed, with its disk, its SSH key/).waitFor();
    for (const place of ["4711", "203.0.113.7"]) await dialog.getByText(place, { exact: true }).waitFor();
    const name = dialog.getByLabel("Type real-1 to confirm");
    for (const typed of ["", "real", "Real-1"]) {
      await name.fill(typed);
      expect(await confirm.isDisabled()).toBe(true);
      await name.press("Enter");
    }
    expect(await stateOf(id)).toBe("active");
    await name.fill(" real-1 ");
    await name.press("Enter");
    await rowOf(page, "real-1").getByText("deleting").waitFor();
    await dialog.waitFor({ state: "detached" });
  });

  test("a simulated one asks for no name, and the keyboard is enough", async () => {
    await replaceFunctions(scene.client);
    const id = await makeActive(scene.client, "pretend", "simulated");
    const { page, dialog } = await openDialog("pretend");
    await dialog.getByText("nothing real is destroyed").waitFor();
    await dialog.getByText("not real").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    // The focus is where it was, so that one may change one's mind.
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    await page.keyboard.press("Enter");
    await rowOf(page, "pretend").getByText("deleting").waitFor();
    await answer(scene.client, id);
    await page.getByText("No machine matches.").waitFor();
    await page.getByLabel("State").selectOption("deleted");
    await page.getByRole("link", { name: "pretend" }).waitFor();
  });

  test("a host that joined stays, and there is nothing to force", async () => {
    const [id] = await joinHosts(scene.client, ["attic-1"]);
    const { dialog, confirm } = await openDialog("attic-1");
    await dialog.getByText("The host stays as it is, with all that runs on it.").waitFor();
    expect(await dialog.getByRole("button", { name: "Force…" }).count()).toBe(0);
    await dialog.getByLabel("Type attic-1 to confirm").fill("attic-1");
    await confirm.click();
    await dialog.waitFor({ state: "detached" });
    expect(await stateOf(id as string)).toBe("deleted");
  });

  test("several are listed, and what has to be typed says how many", async () => {
    await replaceFunctions(scene.client);
    const real = await makeActive(scene.client, "many-1", "digitalocean");
    const simulated = await makeActive(scene.client, "many-2", "simulated");
    const page = await scene.open("/?search=many-");
    await page.getByLabel("Select all on this page").check();
    await page.getByRole("button", { name: "Delete 2…" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete 2 machines?" });
    const [second, first] = await dialog.getByRole("listitem").allTextContents();
    expect(first).toBe("many-1 digitalocean · 203.0.113.7: the VM and its disk are destroyed");
    expect(second).toContain("many-2 not real");
    const button = dialog.getByRole("button", { name: "Delete 2 machines" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel("Type delete 2 to confirm").fill("delete 2");
    await button.click();
    await dialog.waitFor({ state: "detached" });
    expect([await stateOf(real), await stateOf(simulated)]).toEqual(["deleting", "deleting"]);
    expect(await page.getByText("selected").count()).toBe(0);
  });

  test("one that keeps failing says why, when it is tried again, and can be tried now", async () => {
    await replaceFunctions(scene.client);
    const id = await makeActive(scene.client, "stubborn", "digitalocean");
    await scene.client.ask("DELETE", `/v1/machines/${id}`);
    await answer(scene.client, id, { transitioning: "error", transitioningMessage: "droplet is locked" });
    const { page, dialog, confirm } = await openDialog("stubborn");
    const row = rowOf(page, "stubborn");
    await row.getByText("delete fails: droplet is locked").waitFor();
    await row.getByText(/^next try (in \d+ s|now)$/).waitFor();
    await dialog.getByText("It is being deleted, and that keeps failing: droplet is locked").waitFor();
    expect(await confirm.count()).toBe(0);
    const tryNow = dialog.getByRole("button", { name: "Try now" });
    await dialog.getByText(/Attempt \d+\. The next one (in \d+ s|just now)\./).waitFor();
    await tryNow.click();
    await answer(scene.client, id, { transitioning: "yes", transitioningMessage: "Removing" });
    // The reason stays to be read; there is no time of the next while this one is under way.
    await dialog.getByText(/Attempt \d+ is under way\./).waitFor();
    expect(await tryNow.isDisabled()).toBe(true);
    await row.getByText("trying…").waitFor();
    const { data } = await scene.client.json<{ data: { message: string }[] }>(
      "GET",
      `/v1/machines/${id}/history?limit=200`,
    );
    expect(data.map(({ message }) => message)).toContain("tried now by request");
    await answer(scene.client, id);
    await row.waitFor({ state: "detached" });
  });

  test("force is a second step: it says what may be left and where to look, before and after", async () => {
    await replaceFunctions(scene.client);
    const id = await makeActive(scene.client, "stuck", "digitalocean");
    const { page, dialog } = await openDialog("stuck");
    await dialog.getByLabel("Type stuck to confirm").fill("stuck");
    await dialog.getByRole("button", { name: "Force…" }).click();
    const forced = page.getByRole("dialog", { name: "Forget stuck without asking the provider?" });
    await forced.getByText("cost money until somebody removes them").waitFor();
    await forced.getByText("4711", { exact: true }).waitFor();
    // What was typed for the first step does not do for the second.
    const button = forced.getByRole("button", { name: "Forget it" });
    expect(await button.isDisabled()).toBe(true);
    expect(await stateOf(id)).toBe("active");
    await page.keyboard.type("stuck");
    await button.click();
    const last = page.getByRole("dialog", { name: "Forgotten" });
    await last.getByText(/name stuck-\w+, id 4711, address 203\.0\.113\.7/).waitFor();
    expect(await stateOf(id)).toBe("deleted");
  });

  test("a host that nobody made here costs nothing more when it is forgotten", async () => {
    await replaceFunctions(scene.client);
    const id = await makeActive(scene.client, "own-1", "generic");
    const { dialog } = await openDialog("own-1");
    await dialog.getByRole("button", { name: "Force…" }).click();
    await dialog.getByText("The host stays as it is. Its agent may go on running there").waitFor();
    await dialog.getByLabel("Type own-1 to confirm").fill("own-1");
    await dialog.getByRole("button", { name: "Forget it" }).click();
    await dialog.waitFor({ state: "detached" });
    const { error } = await scene.client.json<{ error: { message: string } }>("GET", `/v1/machines/${id}`);
    expect(error.message).toMatch(/host stays as it is/);
    expect(error.message).not.toMatch(/money/);
  });

  test("what could not be asked for is told, and can be tried again", async () => {
    await replaceFunctions(scene.client);
    await makeActive(scene.client, "unlucky", "simulated");
    const { page, dialog, confirm } = await openDialog("unlucky");
    await page.route("**/v1/machines/*", (route) => route.abort(), { times: 1 });
    await confirm.click();
    await dialog.getByText("unlucky: The relay does not answer.").waitFor();
    await confirm.click();
    await dialog.waitFor({ state: "detached" });
    await rowOf(page, "unlucky").getByText("deleting").waitFor();
  });
});
