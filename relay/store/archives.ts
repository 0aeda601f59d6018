// The tables of archives: the one that counts for each machine, and the strays that were kept aside. Both sealed.
import { createHmac } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Sealing } from "./sealing.ts";

/** Of each machine; past it the oldest goes. The same archive sent again is kept once. */
export const straysMax = 20;

export function createArchiveTables(database: DatabaseSync, sealing: Sealing) {
  const upsert = database.prepare(`
    INSERT INTO archives (machine_id, archive) VALUES (?, ?)
    ON CONFLICT (machine_id) DO UPDATE SET archive = excluded.archive`);
  const remove = database.prepare("DELETE FROM archives WHERE machine_id = ?");
  const select = database.prepare("SELECT archive FROM archives WHERE machine_id = ?");
  const upsertStray = database.prepare(`
    INSERT INTO strays (machine_id, digest, at, event_id, reason, archive) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (machine_id, digest) DO UPDATE
    SET at = excluded.at, event_id = excluded.event_id, reason = excluded.reason`);
  const trimStrays = database.prepare(`
    DELETE FROM strays WHERE machine_id = :machineId AND digest IN (
      SELECT digest FROM strays WHERE machine_id = :machineId ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ${straysMax})`);
  const selectStrays = database.prepare(
    "SELECT digest, at, reason, archive FROM strays WHERE machine_id = ? ORDER BY at, rowid",
  );
  const removeStrays = database.prepare("DELETE FROM strays WHERE machine_id = ?");
  // Keyed: a plain digest in the file would tell whoever holds an archive that this one was here.
  const digestKey = sealing.deriveKey("store/stray digests");

  return {
    put: (machineId: string, archive: string) =>
      void upsert.run(machineId, sealing.seal(archive, placeOfArchive(machineId))),
    remove: (machineId: string) => void remove.run(machineId),
    get(machineId: string): string | null {
      const sealed = select.get(machineId)?.archive;
      return sealed === undefined ? null : sealing.unseal(sealed as Uint8Array, placeOfArchive(machineId));
    },

    putStray(machineId: string, at: number, stray: { archive: string; eventId: string | null; reason: string }): void {
      const digest = createHmac("sha256", digestKey).update(stray.archive).digest("base64url");
      const sealed = sealing.seal(stray.archive, placeOfStray(machineId, digest));
      upsertStray.run(machineId, digest, at, stray.eventId, stray.reason, sealed);
      trimStrays.run({ machineId });
    },
    /** Oldest first. */
    listStrays: (machineId: string) =>
      selectStrays.all(machineId).map((row) => ({
        at: row.at as number,
        reason: row.reason as string,
        archive: sealing.unseal(row.archive as Uint8Array, placeOfStray(machineId, row.digest as string)),
      })),
    removeStrays: (machineId: string) => void removeStrays.run(machineId),
  };
}

const placeOfArchive = (machineId: string) => `archives.archive:${machineId}`;
const placeOfStray = (machineId: string, digest: string) => `strays.archive:${machineId}:${digest}`;
