// The bytes of a stream, in whatever pieces they come.
import { expect, test } from "vitest";
import type { StreamMessage } from "../../../functions/contract.ts";
import { readMessages } from "../../../relay/forwarder/stream.ts";

async function* inPieces(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let index = 0; index < bytes.length; index += size) yield bytes.subarray(index, index + size);
}

async function readAll(text: string, size = 1_000, limit = 1_000): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = [];
  for await (const message of readMessages(inPieces(text, size), limit)) messages.push(message);
  return messages;
}

test.each([1, 3, 1_000])("messages survive being cut every %i bytes, in the middle of characters too", async (size) => {
  const text = `: hello\n\nevent: beat\ndata: {"number":1}\n\nevent: log\r\ndata: {"stream":"stdout","line":"Größe ✓"}\r\n\r\n`;
  expect(await readAll(text, size)).toEqual([
    { event: "beat", data: { number: 1 } },
    { event: "log", data: { stream: "stdout", line: "Größe ✓" } },
  ]);
});

test("what a newer function says besides is skipped, and so are log lines and progress that cannot be read", async () => {
  const text =
    'event: census\ndata: {}\n\nevent: log\ndata: {"line":7}\n\nevent: progress\ndata: x\n\ndata: {"number":1}\n\n';
  expect(await readAll(text)).toEqual([]);
});

test.each(["beat", "checkpoint", "reply", "ended"])("a %s that cannot be read is garbage", async (name) => {
  await expect(readAll(`event: ${name}\ndata: {"number":-1}\n\n`)).rejects.toMatchObject({ situation: "garbage" });
});

test.each([7, 5_000])("a message over the limit is refused, in pieces of %i bytes", async (size) => {
  const text = `event: checkpoint\ndata: {"number":1,"archive":"${"x".repeat(2_000)}"}\n\n`;
  await expect(readAll(text, size)).rejects.toMatchObject({ situation: "tooLarge" });
});

test("what came whole before the message over the limit is still heard", async () => {
  const heard: string[] = [];
  const text = `event: beat\ndata: {"number":1}\n\nevent: checkpoint\ndata: ${"x".repeat(2_000)}`;
  const reading = (async () => {
    for await (const { event } of readMessages(inPieces(text, 5_000), 1_000)) heard.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ situation: "tooLarge" });
  expect(heard).toEqual(["beat"]);
});
