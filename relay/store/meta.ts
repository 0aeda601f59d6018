// The few values of the installation itself: its id, and the canary by which a wrong sealing key is noticed.
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import type { Sealing } from "./sealing.ts";

const canaryPlace = "meta.value:canary";
const canaryText = "machine-relay";
/** Short and lower-case: it becomes part of tags and labels at providers. */
const installationIdBytes = 8;

export function createMetaTable(database: DatabaseSync) {
  const select = database.prepare("SELECT value FROM meta WHERE key = ?");
  const insert = database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  const countPing = database.prepare(
    "INSERT INTO meta (key, value) VALUES ('pings', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
  );

  return {
    isSealed: () => select.get("canary") !== undefined,

    /** @throws RelayError `store.wrongKey` */
    checkKey(sealing: Sealing): void {
      const canary = select.get("canary")?.value;
      if (canary === undefined) {
        insert.run("canary", sealing.seal(canaryText, canaryPlace));
        return;
      }
      try {
        sealing.unseal(canary as Uint8Array, canaryPlace);
      } catch (cause) {
        throw new RelayError("store.wrongKey", {
          message: "The sealing key is not the one with which this database was made",
          field: "SEALING_KEY",
          expected: "the key with which this database was made",
          got: "another key",
          cause,
        });
      }
    },

    installationId(): string {
      const known = select.get("installationId")?.value;
      if (typeof known === "string") return known;
      const id = randomBytes(installationIdBytes).toString("hex");
      insert.run("installationId", id);
      return id;
    },

    /** A real write: only that proves that the disk takes one. It counts, because SQLite skips a write that changes nothing. */
    writePing: () => void countPing.run(),
  };
}
