// The sealing key of a data directory: found, made once, and never silently replaced.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../../relay/store/open.ts";
import { aMachine, nothing } from "./records.ts";
import { openTemporaryStore, temporaryDirectory } from "./temporary-store.ts";

const key = randomBytes(32);

test("without SEALING_KEY a key is made in a 0600 file at the first start, and used again at the next", async () => {
  await using temporary = await openTemporaryStore();
  const path = join(temporary.directory, "sealing.key");
  const made = readFileSync(path, "utf8");
  expect(Buffer.from(made, "base64")).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const derived = temporary.store.deriveKey("x");
  const reopened = await temporary.reopen();
  expect(reopened.deriveKey("x")).toStrictEqual(derived);
  expect(readFileSync(path, "utf8")).toBe(made);
});

test.each([
  ["base64", key.toString("base64")],
  ["base64 without its padding", key.toString("base64").replace("=", "")],
  ["hex", key.toString("hex")],
  ["upper-case hex", key.toString("hex").toUpperCase()],
])("SEALING_KEY may be 32 bytes in %s; no file is made then", async (_how, sealingKey) => {
  await using temporary = await openTemporaryStore({ sealingKey });
  const derived = temporary.store.deriveKey("x");
  expect(existsSync(join(temporary.directory, "sealing.key"))).toBe(false);
  const reopened = await temporary.reopen({ sealingKey: key.toString("hex") });
  expect(reopened.deriveKey("x")).toStrictEqual(derived);
});

test.each([
  ["a password", "correct horse battery staple"],
  ["31 bytes", randomBytes(31).toString("base64")],
  ["33 bytes", randomBytes(33).toString("base64")],
  ["63 hex characters", key.toString("hex").slice(1)],
  ["base64 with a space in it", key.toString("base64").replace(/^(.{10})./, "$1 ")],
])("SEALING_KEY that is no key is refused without repeating it: %s", async (_what, sealingKey) => {
  await using directory = await temporaryDirectory();
  const error = await openStore({ directory: directory.path, sealingKey }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "config.invalid", field: "SEALING_KEY", expected: /32 bytes/ });
  expect(JSON.stringify(error) + String(error)).not.toContain(sealingKey);
});

test("an empty SEALING_KEY is none: compose files pass an unset variable on like that", async () => {
  await using temporary = await openTemporaryStore({ sealingKey: "" });
  expect(existsSync(join(temporary.directory, "sealing.key"))).toBe(true);
});

test("another key is refused, and the right one still opens everything", async () => {
  await using temporary = await openTemporaryStore({ sealingKey: key.toString("hex") });
  await temporary.store.createMachine(aMachine("mch_1", { driverConfig: { token: "secret" } }), nothing, null);
  await temporary.store.close();
  const wrong = openStore({ directory: temporary.directory, sealingKey: randomBytes(32).toString("hex") });
  await expect(wrong).rejects.toMatchObject({ code: "store.wrongKey", field: "SEALING_KEY" });
  const reopened = await temporary.reopen();
  expect(await reopened.getMachine("mch_1")).toMatchObject({ driverConfig: { token: "secret" } });
});

test("a key file that was lost is not made again: the refusal says what to put back", async () => {
  await using temporary = await openTemporaryStore();
  await temporary.store.close();
  const path = join(temporary.directory, "sealing.key");
  const content = readFileSync(path);
  rmSync(path);
  await expect(openStore({ directory: temporary.directory })).rejects.toMatchObject({
    code: "store.wrongKey",
    message: /sealing\.key is gone/,
  });
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, content);
  await temporary.reopen();
});

test.each(["", "not a key\n"])("a key file that holds no key is refused and left as it is: %j", async (content) => {
  await using temporary = await openTemporaryStore();
  await temporary.store.close();
  const path = join(temporary.directory, "sealing.key");
  const right = readFileSync(path);
  writeFileSync(path, content);
  await expect(openStore({ directory: temporary.directory })).rejects.toMatchObject({ code: "store.wrongKey" });
  expect(readFileSync(path, "utf8")).toBe(content);
  writeFileSync(path, right);
  await temporary.reopen();
});

test("a key that was half made when the machine stopped does not stand in the way", async () => {
  await using directory = await temporaryDirectory();
  writeFileSync(join(directory.path, "sealing.key.new"), "half a k");
  const store = await openStore({ directory: directory.path });
  await store.close();
  expect(readdirSync(directory.path)).not.toContain("sealing.key.new");
});

test("a key file that others can read is made private", async () => {
  await using temporary = await openTemporaryStore();
  const path = join(temporary.directory, "sealing.key");
  chmodSync(path, 0o644);
  await temporary.reopen();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
