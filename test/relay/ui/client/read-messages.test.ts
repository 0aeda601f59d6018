import { expect, test } from "vitest";
import { formatNotice } from "../../../../relay/api/frames.ts";
import { createMessageReader } from "../../../../relay/ui/client/read-messages.ts";

const notice = (text: string, id?: string) =>
  formatNotice({ id: "ntc_1", name: "resource.log", time: 1, data: text }, "sse", id);

test("what the relay writes is read whole, wherever it was cut", () => {
  // Line ends within JSON are escaped; other separators are not, and end no line here.
  const texts = ["plain", "a\nb\r\n\ndata: forged", "\u2028id: forged\u2029", "é🙂".repeat(100), ""];
  const stream = texts.map((text, index) => notice(text, index === 1 ? undefined : `id-${index}`)).join("");
  for (const size of [1, 2, 7, 100, stream.length]) {
    const read = createMessageReader();
    const messages = [];
    for (let at = 0; at < stream.length; at += size) messages.push(...read(stream.slice(at, at + size)));
    expect(messages.map(({ data }) => JSON.parse(data).data)).toEqual(texts);
    expect(messages.map(({ id }) => id)).toEqual(["id-0", null, "id-2", "id-3", "id-4"]);
  }
});

test("what holds no data is no message", () => {
  expect(createMessageReader()(":\n\nretry: 5\n\n")).toEqual([]);
});

test("a message without an end fills nothing", () => {
  const read = createMessageReader();
  const chunk = "x".repeat(1024 * 1024);
  expect(() => {
    for (let megabytes = 0; megabytes < 20; megabytes += 1) read(chunk);
  }).toThrow("without an end");
});
