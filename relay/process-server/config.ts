// The times that the process server counts with. All in milliseconds, all configurable, all defaults here.
import { leaseMsDefault, settleMsDefault } from "../../functions/contract.ts";

const second = 1000;
const minute = 60 * second;

export interface ProcessServerConfig {
  /** An event is fired again when nobody showed a sign of life for this long. */
  silenceMs: number;
  /** The longest wait between two firings. */
  refireWaitMaxMs: number;
  /** How long a run may live without a renewal. */
  leaseMs: number;
  /** How long after an unclean end a cloud call may still make something. */
  settleMs: number;
  /** How long a cancelled subscriber may take at most. */
  cancelMaxMs: number;
  /** Progress of a machine is written at most this often. */
  progressEveryMs: number;
  /** Log lines are collected for this long before they are written and published. */
  logEveryMs: number;
}

export const processServerDefaults: ProcessServerConfig = {
  silenceMs: 15 * second,
  refireWaitMaxMs: 2 * minute,
  leaseMs: leaseMsDefault,
  settleMs: settleMsDefault,
  cancelMaxMs: 5 * minute,
  progressEveryMs: 250,
  logEveryMs: 200,
};
