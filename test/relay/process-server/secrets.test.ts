import { expect, test } from "vitest";
import { maskSecrets, secretValues } from "../../../relay/process-server/secrets.ts";

test("secret options and every line of a file's content are masked, the longest first", () => {
  const secrets = secretValues({
    region: "nyc3",
    accessToken: "tok-1-and-more",
    secretKey: "tok-1",
    sshKey: { content: "-----BEGIN\nabcdef\n-----END" },
  });
  const text = maskSecrets("nyc3: tok-1-and-more, tok-1, abcdef", secrets);
  expect(text).toBe("nyc3: ********, ********, ********");
});

test("a value of three characters is left alone: it would blacken half of every line", () => {
  expect(secretValues({ password: "abc" })).toEqual([]);
});
