// Names for what is new: sortable by time, unguessable enough, and with a prefix that says what it is.
import { ulid } from "ulid";

export const newMachineId = () => `mch_${ulid()}`;
export const newProcessId = () => `prc_${ulid()}`;
export const newEventId = () => `evt_${ulid()}`;
export const newNoticeId = () => `not_${ulid()}`;

/**
 * docker-machine's own name for a machine: `<name>-<8 lower-case characters of its id>`. Key pair, tag and VM name at
 * the provider are made from it, so it leads back to the machine even when everything else is lost.
 */
export function machineNameOf(name: string, machineId: string): string {
  return `${name}-${machineId.slice(-8).toLowerCase()}`;
}
