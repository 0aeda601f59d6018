import { expect, test } from "vitest";
import * as contract from "../../../../functions/contract.ts";
import { maskOptions } from "../../../../relay/api/machine-view.ts";
import { secretMask } from "../../../../relay/ui/create/draft.ts";
import { holdsCredentials, isSecretOfEngine, isSecretValue } from "../../../../relay/ui/create/secret-names.ts";

const names = [
  ...["accessToken", "secretKey", "sessionToken", "password", "passwd", "passphrase", "credentials", "apiKey"],
  ...["access-key", "private_key", "authKey", "userData", "userdata", "user-data", "authEncodedJson", "TOKEN"],
  ...["sshUser", "sshPort", "keypairName", "sshKeyFingerprint", "sshKey", "region", "size", "key", "sshKeyPath"],
];

test.each(names)("page and contract agree whether %s is a secret", (name) => {
  for (const value of [undefined, "a", ["a"], { content: "a" }]) {
    expect(isSecretValue(name, value)).toBe(contract.isSecretOption(name, value));
  }
});

test.each(["http://u:p@host", "https://token@host/path", "http://host/a@b", "host", ""])("and about %s", (text) => {
  expect(holdsCredentials(text)).toBe(contract.holdsCredentials(text));
});

test("and about the engine's texts", () => {
  const engine = {
    installUrl: "https://u:p@host",
    options: ["token=a", "log-driver=json-file"],
    environment: { API_TOKEN: "a", HTTP_PROXY: "http://u:p@proxy", HTTPS_PROXY: "http://proxy" },
    labels: { password: "no secret: labels are public" },
  };
  const known = contract.listEngineSecrets(engine).map(([place]) => place);
  const places = Object.entries(engine).flatMap(([name, value]): [string, string][] =>
    typeof value === "object"
      ? Object.entries(value).map(([inner, text]) => [`${name}.${inner}`, text])
      : [[name, value]],
  );
  expect(places.filter(([place, text]) => isSecretOfEngine(place, text)).map(([place]) => place)).toEqual(known);
});

test("page and API write the same mask", () => {
  expect(maskOptions({ accessToken: "a" })).toEqual({ accessToken: secretMask });
});
