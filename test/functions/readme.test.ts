// The examples in functions/README.md are what the schemas say.
import { readFileSync } from "node:fs";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { Event, Reply, StreamMessages } from "../../functions/contract.ts";
import { ArchiveManifest } from "../../functions/docker-machine/archive.ts";

const text = readFileSync(new URL("../../functions/README.md", import.meta.url), "utf8");
const schemas = { event: Event, reply: Reply, manifest: ArchiveManifest } as const;
const examples = [...text.matchAll(/^```json (\w+)\n(.*?)^```$/gms)].map(([, name, json]) => [name!, json!] as const);

test("there are examples of each kind", () => {
  expect(new Set(examples.map(([name]) => name))).toEqual(new Set(Object.keys(schemas)));
});

test.each(examples)("an example of %s is one", (name, json) => {
  const schema = schemas[name as keyof typeof schemas];
  expect([...Value.Errors(schema, JSON.parse(json))]).toEqual([]);
});

test("its stream has the messages that there are, each as it is", () => {
  const messages = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)];
  expect(messages.length).toBeGreaterThan(4);
  for (const [, name, data] of messages) {
    const schema = StreamMessages[name as keyof typeof StreamMessages];
    expect(schema, name).toBeDefined();
    if (!data!.endsWith("…}")) expect([...Value.Errors(schema, JSON.parse(data!))]).toEqual([]);
  }
});
