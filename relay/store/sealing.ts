// Seals values before they are written: AES-256-GCM, bound to their place, so that a sealed value moved to another row
// or column does not open.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import { RelayError } from "../errors.ts";

const cipher = "aes-256-gcm";
/** The first byte of every sealed value: version 1 is nonce, tag, then the sealed text. */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;
export const keyBytes = 32;

export interface Sealing {
  /** `place` names table, column and row: `machines.options:mch_01…` */
  seal(text: string, place: string): Uint8Array;
  /** @throws RelayError `store.failed` when it was altered, is of another place, or was sealed with another key */
  unseal(sealed: Uint8Array, place: string): string;
  /** A key for one purpose; knowing it tells nothing of any other. */
  deriveKey(purpose: string): Buffer;
}

export function createSealing(sealingKey: Buffer): Sealing {
  const derive = (info: string) => Buffer.from(hkdfSync("sha256", sealingKey, "machine-relay", info, keyBytes));
  // A key object: given as bytes, each use of it would cost five times as much.
  const valueKey = createSecretKey(derive("store/values"));

  return {
    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const sealer = createCipheriv(cipher, valueKey, nonce, { authTagLength: tagBytes });
      sealer.setAAD(Buffer.from(place));
      const body = Buffer.concat([sealer.update(text, "utf8"), sealer.final()]);
      return Buffer.concat([Buffer.from([version]), nonce, sealer.getAuthTag(), body]);
    },
    unseal(sealed, place) {
      if (sealed.length < headBytes || sealed[0] !== version) throw notSealedHere(place);
      const opener = createDecipheriv(cipher, valueKey, sealed.subarray(1, 1 + nonceBytes), {
        authTagLength: tagBytes,
      });
      opener.setAAD(Buffer.from(place));
      opener.setAuthTag(sealed.subarray(1 + nonceBytes, headBytes));
      const body = opener.update(sealed.subarray(headBytes));
      try {
        return Buffer.concat([body, opener.final()]).toString("utf8");
      } catch (cause) {
        throw notSealedHere(place, cause);
      }
    },
    // A prefix of its own, so that no purpose can name the key of the values.
    deriveKey: (purpose) => derive(`purpose/${purpose}`),
  };
}

function notSealedHere(place: string, cause?: unknown): RelayError {
  return new RelayError("store.failed", { message: `The sealed value at ${place} does not open`, cause });
}
