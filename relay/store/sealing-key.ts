// Finds the sealing key: SEALING_KEY, else the file `sealing.key`, which is made at the first start and never again.
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RelayError } from "../errors.ts";
import { isCode, privateFileMode, writePrivateFile } from "./directory.ts";
import { keyBytes } from "./sealing.ts";

export const sealingKeyFile = "sealing.key";
const expectedKey = "32 bytes in base64 (44 characters) or in hex (64 characters)";

/**
 * @param isFirstStart nothing in the directory has been sealed yet, so a missing key may be made
 * @throws RelayError `config.invalid` (field `SEALING_KEY`), `store.wrongKey`
 */
export function findSealingKey(directory: string, given: string | undefined, isFirstStart: boolean): Buffer {
  // Compose files pass an unset variable on as an empty one.
  if (given !== undefined && given !== "") {
    const key = parseKey(given);
    if (key !== null) return key;
    throw new RelayError("config.invalid", {
      message: `SEALING_KEY must be ${expectedKey}`,
      field: "SEALING_KEY",
      expected: expectedKey,
      // Not the value: it may be most of a real key.
      got: `${given.length} characters that are neither`,
    });
  }
  return readKeyFile(directory) ?? makeKeyFile(directory, isFirstStart);
}

function readKeyFile(directory: string): Buffer | null {
  const path = join(directory, sealingKeyFile);
  let content: string;
  try {
    content = readFileSync(path, "utf8");
    chmodSync(path, privateFileMode);
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
  const key = parseKey(content.trim());
  if (key !== null) return key;
  throw new RelayError("store.wrongKey", {
    message: `The file ${path} holds no key`,
    field: "SEALING_KEY",
    expected: expectedKey,
    got: `a file of ${content.length} characters`,
  });
}

function makeKeyFile(directory: string, isFirstStart: boolean): Buffer {
  if (!isFirstStart) {
    throw new RelayError("store.wrongKey", {
      message: `The database in ${directory} is sealed, but ${sealingKeyFile} is gone and SEALING_KEY is not set: put the key back`,
      field: "SEALING_KEY",
      expected: "the key with which this database was made",
      got: "none",
    });
  }
  const key = randomBytes(keyBytes);
  writePrivateFile(directory, sealingKeyFile, `${key.toString("base64")}\n`);
  return key;
}

/** Null when it is no key. Strict: a typing error must not become another key. */
function parseKey(text: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, "hex");
  const key = Buffer.from(text, "base64");
  return key.length === keyBytes && /^[A-Za-z0-9+/]{43}=?$/.test(text) ? key : null;
}
