// Names for what is new: sortable by time, unguessable enough, and with a prefix that says what it is.
import { randomBytes } from "node:crypto";
import { ulid } from "ulid";

export const newMachineId = () => `mch_${newUlid()}`;
export const newProcessId = () => `prc_${newUlid()}`;
export const newEventId = () => `evt_${newUlid()}`;
export const newNoticeId = () => `not_${newUlid()}`;

/** Enough for 256 ids: ulid's own way asks the system for each byte alone, which costs ten times as much as all else. */
const poolBytes = 4_096;
let pool = Buffer.alloc(0);
let used = 0;

function newUlid(): string {
  return ulid(undefined, () => {
    if (used === pool.length) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    return pool.readUInt8(used++) / 256;
  });
}

/**
 * docker-machine's own name for a machine: `<name>-<8 lower-case characters of its id>`. Key pair, tag and VM name at
 * the provider are made from it, so it leads back to the machine even when everything else is lost.
 */
export function machineNameOf(name: string, machineId: string): string {
  return `${name}-${machineId.slice(-8).toLowerCase()}`;
}
