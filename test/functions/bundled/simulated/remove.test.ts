// Removing: each thing that rm can be ordered to do, and the census and destroy that see what rm does not tell.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { usePlace } from "./place.ts";

const place = usePlace();
const remove = (...words: string[]) => place.machine(["rm", ...words]);
const known = async () => (await place.machine(["ls", "-q"])).stdout;

test("rm removes the VM and the record", async () => {
  await place.create("web-1");
  const { exitCode, stdout, stderr } = await remove("-y", "web-1");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toBe(
    "About to remove web-1\nWARNING: This action will delete both local reference and remote instance.\nSuccessfully removed web-1\n",
  );
  expect(place.vms()).toEqual([]);
  expect(await known()).toBe("");
});

test("rm that fails keeps VM and record, and exits 1", async () => {
  await place.create("web-1", "--simulated-remove", "fail");
  const { id } = place.vms()[0]!;
  const { exitCode, stdout, stderr } = await remove("-y", "web-1");
  expect(exitCode).toBe(1);
  expect(stdout).not.toContain("Successfully");
  expect(stderr).toBe(
    `Error removing host "web-1": DELETE https://simulated.invalid/v2/vms/${id}: 500 Server was unable to give you a response.\n`,
  );
  expect(place.vms()).toHaveLength(1);
  expect(await known()).toBe("web-1\n");
});

test("rm -f that fails exits 0 and forgets the machine, and the VM is an orphan that the census finds", async () => {
  await place.create("web-1", "--simulated-remove", "fail");
  const { exitCode, stdout, stderr } = await remove("-f", "web-1");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Successfully removed web-1\n");
  expect(stderr).toContain('Error removing host "web-1": ');
  expect(await known()).toBe("");
  expect((await place.machine(["census", "web-1"])).stdout).toContain(place.vms()[0]!.id);
});

test("rm that lies says that it removed the machine, and only the census knows better", async () => {
  await place.create("web-1", "--simulated-remove", "lie");
  const { exitCode, stdout } = await remove("-y", "web-1");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Successfully removed web-1\n");
  expect(await known()).toBe("");
  const [vm] = place.vms();
  expect((await place.machine(["destroy", vm!.id])).exitCode).toBe(0);
  expect(place.vms()).toEqual([]);
  expect(await place.machine(["census", "web-1"])).toMatchObject({ exitCode: 0, stdout: "" });
});

test("rm that fails once succeeds the second time, and so does destroy", async () => {
  await place.create("web-1", "--simulated-remove", "fail-once");
  const { id } = place.vms()[0]!;
  expect((await remove("-y", "web-1")).exitCode).toBe(1);
  // An attempt that tries both fails as a whole.
  expect((await place.machine(["destroy", id])).exitCode).toBe(1);
  expect(place.vms()).toHaveLength(1);
  expect((await remove("-y", "web-1")).exitCode).toBe(0);
  expect(place.vms()).toEqual([]);
});

test("a VM that is gone already is fine for rm, except where that was ordered to be an error", async () => {
  await place.create("web-1");
  await place.create("web-2", "--simulated-remove", "gone-is-error");
  for (const { id } of place.vms()) rmSync(join(place.cloud, "vms", `${id}.json`));
  expect((await remove("-y", "web-1")).exitCode).toBe(0);
  const { exitCode, stderr } = await remove("-y", "web-2");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("404 The resource you were accessing could not be found.");
});

test("rm of a record that never had an id succeeds and proves nothing", async () => {
  await place.create("web-1", "--simulated-lose-answer");
  const { exitCode, stdout } = await remove("-y", "web-1");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("(web-1) Missing VM id");
  expect(stdout).toContain("Successfully removed web-1\n");
  expect(place.vms()).toHaveLength(1);
});

test("rm asks, and takes no answer for a no", async () => {
  await place.create("web-1");
  for (const input of ["", "n\n"]) {
    const { exitCode, stdout } = await place.machine(["rm", "web-1"], { input });
    expect(exitCode).toBe(0);
    expect(stdout.endsWith("Are you sure? (y/n): ")).toBe(true);
  }
  expect(place.vms()).toHaveLength(1);
  expect((await place.machine(["rm", "web-1"], { input: "y\n" })).stdout).toContain("Successfully removed web-1");
  expect(place.vms()).toEqual([]);
});

test("a token that is wrong by now makes rm, census and destroy fail, until the record has a right one", async () => {
  await place.create("web-1", "--simulated-access-token", "right");
  const { id } = place.vms()[0]!;
  const file = join(place.storage, "machines", "web-1", "config.json");
  const record = readFileSync(file, "utf8");
  expect(record).toContain('"AccessToken": "right"');
  writeFileSync(file, record.replace('"AccessToken": "right"', '"AccessToken": "wrong"'));
  for (const words of [
    ["census", "web-1"],
    ["destroy", id],
    ["rm", "-y", "web-1"],
  ]) {
    const { exitCode, stderr } = await place.machine(words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("401 Unable to authenticate you.");
  }
  expect(place.vms()).toHaveLength(1);
  writeFileSync(file, record);
  expect((await remove("-y", "web-1")).exitCode).toBe(0);
  expect(place.vms()).toEqual([]);
});

test("without a record census and destroy take the token of the environment", async () => {
  await place.create("web-1");
  const { id } = place.vms()[0]!;
  const environment = { SIMULATED_ACCESS_TOKEN: "wrong", MACHINE_STORAGE_PATH: join(place.storage, "empty") };
  for (const words of [
    ["census", "web-1"],
    ["destroy", id],
  ]) {
    const { exitCode, stderr } = await place.machine(words, { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("401 Unable to authenticate you.");
  }
  expect(place.vms()).toHaveLength(1);
});

test("a cloud that cannot be reached is an error for rm, census and destroy, never an empty answer", async () => {
  await place.create("web-1");
  const environment = { SIMULATED_CLOUD_DIR: join(place.cloud, "nowhere") };
  for (const words of [
    ["census", "web-1"],
    ["destroy", "vm-1"],
    ["rm", "-y", "web-1"],
  ]) {
    const { exitCode, stderr } = await place.machine(words, { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("SIMULATED_CLOUD_DIR must name a directory that exists");
  }
  expect(await known()).toBe("web-1\n");
});

test("the census shows the VMs with the mark and no others", async () => {
  await place.create("web-1");
  await place.create("web-10");
  const { exitCode, stdout } = await place.machine(["census", "web-1"]);
  const vm = place.vms().find(({ name }) => name === "web-1")!;
  expect(exitCode).toBe(0);
  expect(stdout).toBe(`${JSON.stringify({ id: vm.id, name: "web-1", machineName: "web-1" })}\n`);
});

test("destroying what is gone is fine, and an id that is a path leads nowhere", async () => {
  await place.create("web-1");
  expect((await place.machine(["destroy", "vm-0000000000000000"])).exitCode).toBe(0);
  expect((await place.machine(["destroy", `../vms/${place.vms()[0]!.id}`])).exitCode).toBe(0);
  expect(place.vms()).toHaveLength(1);
});
