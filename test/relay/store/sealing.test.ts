// Sealing: what is sealed opens only with its key and in its place.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSealing } from "../../../relay/store/sealing.ts";

const key = randomBytes(32);
const sealing = createSealing(key);

test.each(["", "secret", "größer 🙂\u0000", "x".repeat(1_000_000)])("a sealed text opens as it was: %.20s", (text) => {
  expect(sealing.unseal(sealing.seal(text, "place"), "place")).toBe(text);
});

test("the same text is sealed differently each time, and the text is not in it", () => {
  const [one, two] = [sealing.seal("a long secret text", "p"), sealing.seal("a long secret text", "p")];
  expect(Buffer.from(one).equals(two)).toBe(false);
  expect(Buffer.from(one).includes("secret")).toBe(false);
});

test("a sealed value does not open in another place, nor with another key", () => {
  const sealed = sealing.seal("secret", "machines.options:mch_1");
  const refusal = expect.objectContaining({ code: "store.failed" });
  expect(() => sealing.unseal(sealed, "machines.options:mch_2")).toThrow(refusal);
  expect(() => sealing.unseal(sealed, "archives.archive:mch_1")).toThrow(refusal);
  expect(() => createSealing(randomBytes(32)).unseal(sealed, "machines.options:mch_1")).toThrow(refusal);
});

test("a sealed value that was changed in any byte, or cut off anywhere, does not open", () => {
  const sealed = Buffer.from(sealing.seal("secret", "place"));
  const refusal = expect.objectContaining({ code: "store.failed" });
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] as number) ^ 1;
    expect(() => sealing.unseal(changed, "place")).toThrow(refusal);
    expect(() => sealing.unseal(sealed.subarray(0, index), "place")).toThrow(refusal);
  }
});

test("keys are derived for a purpose: always the same, another for each purpose and each sealing key", () => {
  const derived = sealing.deriveKey("agent tokens");
  expect(derived).toHaveLength(32);
  expect(createSealing(key).deriveKey("agent tokens")).toStrictEqual(derived);
  expect(sealing.deriveKey("other")).not.toStrictEqual(derived);
  expect(createSealing(randomBytes(32)).deriveKey("agent tokens")).not.toStrictEqual(derived);
});
