import { expect, test } from "vitest";
import { readTextFile } from "../../../../relay/ui/create/text-file.ts";

test("a text is read as it is", async () => {
  expect(await readTextFile(new Blob(["a\r\né\n"]))).toEqual({ content: "a\r\né\n" });
});

test.each([
  ["no text", new Blob([new Uint8Array([0xff, 0xfe, 0])]), "This file holds no text."],
  ["nothing", new Blob([]), "This file is empty."],
  ["too much", new Blob(["a".repeat(262_145)]), "A file of at most 256 KB is wanted."],
])("a file with %s is refused", async (_, file, problem) => {
  expect(await readTextFile(file)).toEqual({ problem });
});
