// Small pure parts, as tables.
import { expect, test } from "vitest";
import { acceptsEventStream } from "../../functions/http/accept.ts";
import { describeExpected, describeGot } from "../../functions/http/expectations.ts";
import { cleanupMs, planDeadline } from "../../functions/invocations/deadline.ts";
import { createCollected, createOutputReader, cutLine } from "../../functions/programs/program-output.ts";

test.each([
  [undefined, false],
  ["*/*", false],
  ["application/json", false],
  ["text/event-stream", true],
  ["application/json, Text/Event-Stream;q=0.9", true],
  ["application/json, text/event-stream;q=0", false],
])("Accept %s asks for a stream: %s", (accept, expected) => {
  expect(acceptsEventStream(accept)).toBe(expected);
});

test("the deadline leaves time to clean up, which comes on top", () => {
  expect(planDeadline(1000, 60_000)).toEqual({ deadlineAt: 61_000, stopAt: 61_000 + cleanupMs });
});

test("where the sender counts on an end, cleaning up is over by then", () => {
  expect(planDeadline(1000, 3_600_000, 40_000)).toEqual({ deadlineAt: 31_000, stopAt: 41_000 });
  expect(planDeadline(0, 60_000, 3_600_000)).toEqual({ deadlineAt: 60_000, stopAt: 60_000 + cleanupMs });
});

test.each([
  [{ type: "integer", minimum: 1, maximum: 9 }, "an integer from 1 to 9"],
  [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, "an integer of at least 1"],
  [{ type: "number", maximum: 100 }, "a number of at most 100"],
  [{ type: "string", pattern: "^a$" }, "a string that matches ^a$"],
  [{ type: "string", minLength: 16 }, "a string of at least 16 characters"],
  [{ anyOf: [{ const: "yes" }, { type: "null" }] }, '"yes" or null'],
  [{ type: "array", maxItems: 3 }, "a list of at most 3 items"],
  [{ type: "boolean" }, "true or false"],
])("%o reads as: %s", (schema, words) => {
  expect(describeExpected(schema)).toBe(words);
});

test.each([
  [undefined, false, "nothing"],
  [null, false, "null"],
  ["7", false, '"7"'],
  ["token", true, "a string of 5 characters"],
  [{ a: 1 }, false, "an object"],
  ["x".repeat(200), false, `"${"x".repeat(79)}… (202 characters)`],
])("%o (secret: %s) is told as: %s", (value, isSecret, words) => {
  expect(describeGot(value, isSecret)).toBe(words);
});

test("a character that comes in two pieces is one", () => {
  const lines: string[] = [];
  const reader = createOutputReader((line) => lines.push(line));
  const bytes = Buffer.from("é\n");
  reader.write(bytes.subarray(0, 1));
  reader.write(bytes.subarray(1));
  reader.end();
  expect(lines).toEqual(["é"]);
});

test("a line break that comes in two pieces is one", () => {
  const lines: string[] = [];
  const reader = createOutputReader((line) => lines.push(line));
  for (const piece of ["one\r", "\ntwo", ""]) reader.write(Buffer.from(piece));
  reader.end();
  expect(lines).toEqual(["one", "two"]);
});

test("of too much text start and end are kept, and how much is missing is told", () => {
  const collected = createCollected(10);
  for (let number = 0; number < 100; number += 1) collected.add(String(number).padStart(5, "0"));
  expect(collected.text()).toBe("0000000001\n… (480 characters left out) …\n0009800099");
});

test("a line that comes in one piece is cut in the same way", () => {
  expect(cutLine("short")).toBe("short");
  expect(cutLine("x".repeat(9000))).toMatch(/^x{8192}… \(808 more characters cut\)$/);
});
