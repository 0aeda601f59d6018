// Where a list goes on, as an opaque text for its reader. Signed, so that only what the store gave out comes back in.
import { createHmac, timingSafeEqual } from "node:crypto";
import { RelayError } from "../errors.ts";

const tagBytes = 12;

export interface Cursors {
  write(list: string, position: readonly (string | number)[]): string;
  /** @throws RelayError `request.invalid` (field `cursor`) when it was not given out for this list */
  read(list: string, cursor: string): (string | number)[];
}

export function createCursors(key: Buffer): Cursors {
  const tagOf = (list: string, body: Buffer) =>
    createHmac("sha256", key).update(`${list}\n`).update(body).digest().subarray(0, tagBytes);

  return {
    write(list, position) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([tagOf(list, body), body]).toString("base64url");
    },
    read(list, cursor) {
      const bytes = Buffer.from(cursor, "base64url");
      const body = bytes.subarray(tagBytes);
      if (bytes.length <= tagBytes || !timingSafeEqual(bytes.subarray(0, tagBytes), tagOf(list, body))) {
        throw new RelayError("request.invalid", {
          message: "This cursor was not given out for this list",
          field: "cursor",
          expected: "the `next` of an earlier page of this list",
          got: cursor.slice(0, 200),
        });
      }
      return JSON.parse(body.toString("utf8")) as (string | number)[];
    },
  };
}
