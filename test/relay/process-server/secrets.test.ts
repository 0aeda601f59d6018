import { expect, test } from "vitest";
import { maskSecrets, secretValues } from "../../../relay/process-server/secrets.ts";

test("secret options and every line of a file's content are masked, the longest first", () => {
  const secrets = secretValues({
    driverConfig: {
      region: "nyc3",
      accessToken: "tok-1-and-more",
      secretKey: "tok-1",
      sshKey: { content: "-----BEGIN\nabcdefgh\ndone\n-----END" },
    },
    engine: { environment: { API_KEY: "engine-key", LANG: "C.UTF-8" } },
  });
  const text = maskSecrets("nyc3: tok-1-and-more, tok-1, abcdefgh, engine-key, done in C.UTF-8", secrets);
  expect(text).toBe("nyc3: ********, ********, ********, ********, done in C.UTF-8");
});

test("a value of three characters is left alone: it would blacken half of every line", () => {
  expect(secretValues({ driverConfig: { password: "abc" }, engine: {} })).toEqual([]);
});
