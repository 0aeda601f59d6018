import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publicKeyOf } from "../../functions/docker-machine/public-key.ts";
import { temporaryDirectory } from "./work-scene.ts";

/** Without its comment, which a private key does not always have. */
const withoutComment = (key: string) => key.trim().split(" ").slice(0, 2).join(" ");

const hasSshKeygen = spawnSync("ssh-keygen", ["-?"]).error === undefined;

test.skipIf(!hasSshKeygen).each([
  ["ed25519", ["-t", "ed25519"]],
  ["rsa in OpenSSH's form", ["-t", "rsa", "-b", "2048"]],
  ["rsa in PEM", ["-t", "rsa", "-b", "2048", "-m", "PEM"]],
  ["ecdsa behind a passphrase", ["-t", "ecdsa", "-N", "secret"]],
])("the public half of %s is what ssh-keygen wrote beside it", async (_, options) => {
  const path = join(await temporaryDirectory(), "key");
  const passphrase = options.includes("-N") ? [] : ["-N", ""];
  execFileSync("ssh-keygen", ["-q", "-f", path, ...options, ...passphrase]);
  expect(withoutComment(publicKeyOf(readFileSync(path, "utf8"))!)).toBe(
    withoutComment(readFileSync(`${path}.pub`, "utf8")),
  );
});

test.each([
  ["no key", "#cloud-config\n"],
  ["a public key", "ssh-ed25519 AAAA me@here"],
  ["half a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"],
  ["nonsense", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"],
  [
    "another kind in PEM",
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
])("%s has none that is known", (_, text) => {
  expect(publicKeyOf(text)).toBeNull();
});
