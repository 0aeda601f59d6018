// The public half of an SSH private key, as `ssh-keygen -y` prints it. Several drivers want it beside the key, as
// `<path>.pub`, and a person who gives a key's content gives the private one. Pure.
import { createPublicKey } from "node:crypto";

/** Null: it is no private key, or of a kind (or behind a passphrase) that does not show its public half. */
export function publicKeyOf(privateKey: string): string | null {
  const [, label, body] = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]+?)-----END/.exec(privateKey) ?? [];
  if (label === undefined || body === undefined) return null;
  const blob = label === "OPENSSH PRIVATE KEY" ? fromOpenSsh(Buffer.from(body, "base64")) : fromPem(privateKey);
  if (blob === null) return null;
  const type = readText(blob, 0);
  return type === null ? null : `${type.text.toString("latin1")} ${blob.toString("base64")}\n`;
}

const openSshMagic = Buffer.from("openssh-key-v1\0");

/** After the names of cipher and key derivation and its options comes the number of keys, then the public key. */
function fromOpenSsh(key: Buffer): Buffer | null {
  if (!key.subarray(0, openSshMagic.length).equals(openSshMagic)) return null;
  let offset = openSshMagic.length;
  for (let field = 0; field < 3; field += 1) {
    const read = readText(key, offset);
    if (read === null) return null;
    offset = read.end;
  }
  return readText(key, offset + 4)?.text ?? null;
}

function readText(from: Buffer, offset: number): { text: Buffer; end: number } | null {
  if (offset + 4 > from.length) return null;
  const end = offset + 4 + from.readUInt32BE(offset);
  return end > from.length ? null : { text: from.subarray(offset + 4, end), end };
}

/** RSA only: what clouds hand out as PEM. */
function fromPem(privateKey: string): Buffer | null {
  try {
    const { kty, n, e } = createPublicKey(privateKey).export({ format: "jwk" });
    if (kty !== "RSA" || n === undefined || e === undefined) return null;
    return Buffer.concat([toText(Buffer.from("ssh-rsa")), toText(toNumber(e)), toText(toNumber(n))]);
  } catch {
    return null;
  }
}

function toText(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A first bit that is set would make it negative. */
function toNumber(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}
