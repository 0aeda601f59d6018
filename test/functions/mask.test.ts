import { expect, test } from "vitest";
import { listEventSecrets } from "../../functions/invocations/event-secrets.ts";
import { createMasker, mask } from "../../functions/invocations/mask.ts";
import { eventOf } from "./functions-scene.ts";

test.each([
  ["a value wherever it stands", ["hunter22"], "pw=hunter22, hunter22!", `pw=${mask}, ${mask}!`],
  ["no value shorter than four characters", ["abc"], "abc", "abc"],
  ["the longest first", ["secret", "secret-and-more"], "secret-and-more secret", `${mask} ${mask}`],
  ["what means something in a pattern", ["a.b*c$(d"], "axb*c a.b*c$(d", `axb*c ${mask}`],
  [
    "single lines of a long value",
    ["-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\ndone"],
    "got MIIEowIBAAKCAQEA",
    `got ${mask}`,
  ],
  ["no single line that could be anybody's", ["apt-get update\ndone"], "done", "done"],
  ["a value as JSON quotes it", ['pass"word'], '{"x":"pass\\"word"}', `{"x":"${mask}"}`],
  ["a value as an address holds it", ["p@ss/word"], "https://u:p%40ss%2Fword@h", `https://u:${mask}@h`],
  ["a value as Go puts it into a query", ["p@ss word!"], "?pw=p%40ss+word%21&x", `?pw=${mask}&x`],
  ["a value as Go puts it before a host", ["p@ss&word!"], "https://u:p%40ss&word%21@h", `https://u:${mask}@h`],
  ["a value as Go quotes it in JSON", ["a<b&c>d"], '{"x":"a\\u003cb\\u0026c\\u003ed"}', `{"x":"${mask}"}`],
  ["a value with a newline at its end", ["tok-en-42\n"], "tok-en-42 ", `${mask} `],
])("%s is masked", (_, values, text, masked) => {
  expect(createMasker(values).mask(text)).toBe(masked);
});

test("what is added later is masked from then on, together with what was known", () => {
  const masker = createMasker(["first-secret"]);
  masker.add(["second-secret"]);
  expect(masker.mask("first-secret second-secret")).toBe(`${mask} ${mask}`);
});

test("nothing known, nothing changed", () => {
  expect(createMasker().mask("text")).toBe("text");
});

test("an event's secrets are its secret options, the content of its files, and what its agent must not show", () => {
  const event = eventOf();
  event.data.machine.driverConfig = {
    accessToken: "option-secret",
    sshKeyPath: { content: "file-secret" },
    region: "nyc3",
    passwords: ["one-secret", "two-secret"],
    "softlayer-api-key": "kebab-secret",
  };
  event.data.machine.engine = { environment: { HTTP_PROXY: "http://me:pw@proxy", LANG: "C" }, labels: { tier: "web" } };
  const token = "abcdefghijklmnopqrstuvwxyz-0123456789_AB";
  event.data.agent = {
    image: "docker:28-cli",
    command: ["sh", "-c", "eval $X"],
    environment: { URL: `http://relay/v1/scripts/${token}`, KEY_TOKEN: "short-1", DEBUG: "1" },
    volumes: [],
  };
  expect(listEventSecrets(event).sort()).toEqual(
    [
      "option-secret",
      "file-secret",
      "one-secret",
      "two-secret",
      "kebab-secret",
      "http://me:pw@proxy",
      token,
      `http://relay/v1/scripts/${token}`,
      "short-1",
    ].sort(),
  );
});
