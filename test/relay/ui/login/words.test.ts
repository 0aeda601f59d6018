import { expect, test } from "vitest";
import { describeMistyped, describeRefused } from "../../../../relay/ui/login/words.ts";

test.each([
  ["", /Type or paste/],
  ["two words", /no spaces/],
  ["clé-of-sixteen-characters", /plain characters/],
  ["a-key-of-sixteen-characters", undefined],
])("is %j a key?", (key, words) => {
  if (words === undefined) expect(describeMistyped(key)).toBeUndefined();
  else expect(describeMistyped(key)).toMatch(words);
});

test.each([
  ["key.wrong", undefined, /opens nothing here/],
  ["key.notAllowed", "the key of a handler", /handler's key/],
  ["key.notAllowed", "the key of an agent", /agent's token/],
  ["network", undefined, /^as the API says$/],
])("a key is refused with %s (%s)", (code, got, words) => {
  expect(describeRefused({ code, got, message: "as the API says" })).toMatch(words);
});
