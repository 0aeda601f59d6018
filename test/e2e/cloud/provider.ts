// What a test can do with any of our clouds.

import type { Host } from "../host.ts";
import type { Changes } from "./changes.ts";
import { type Failing, type FaultKind, type FaultOrder, type Faults, findFault } from "./faults.ts";
import type { Hypervisor } from "./hypervisor.ts";
import type { Call, Journal } from "./journal.ts";

/** As `driverConfig` of a machine: our option names, without the driver's prefix. */
export type DriverOptions = Record<string, string | number | boolean | string[]>;

export interface Provider<Now, Fault extends string> {
  /** docker-machine's name of it. */
  readonly driver: string;
  /** All that a create needs. @param changes what is to differ */
  driverConfig(changes?: DriverOptions): DriverOptions;
  /** Who may ask: access keys, or tokens. Given and taken as an account's owner does it. */
  readonly credentials: Set<string>;
  /** What exists. */
  now(): Promise<Now>;
  /** @throws Error with what was seen last, when it does not become so in time */
  until(isWanted: (now: Now) => boolean): Promise<Now>;
  /** @throws Error that names all faults there are */
  fail(order: FaultOrder<Fault>): Failing;
  /** Everything works again. */
  mend(): void;
  faults(): { fault: string; call: string }[];
  /** All calls so far, the oldest first. */
  readonly calls: readonly Call[];
  untilCalled(isWanted: (call: Call) => boolean): Promise<Call>;
  /** Resolves when the machine's host has booted. @throws Error when it has none, or it did not boot */
  hostOf(id: string): Promise<Host>;
  /** Resolves when every host is as its machine: booted, stopped, removed. */
  settled(): Promise<void>;
  /** The machine is gone, as if the cloud had lost it. */
  lose(id: string): Promise<void>;
}

export interface Parts<Now, Fault extends string> {
  changes: Changes;
  faults: Faults;
  /** Of all faults that it can have. */
  table: Record<Fault, FaultKind>;
  journal: Journal;
  hypervisor: Hypervisor;
  now(): Promise<Now>;
}

/** What is the same for every cloud. */
export function buildProvider<Now, Fault extends string>(
  parts: Parts<Now, Fault>,
): Omit<Provider<Now, Fault>, "driver" | "driverConfig" | "credentials" | "lose"> {
  const { changes, faults, table, journal, hypervisor, now } = parts;
  return {
    now,
    until: (isWanted) => changes.until(now, isWanted),
    fail: (order) => faults.order(order.fault, findFault(table, order), order),
    mend: () => faults.stop(),
    faults: () => faults.list(),
    calls: journal.calls,
    async untilCalled(isWanted) {
      const call = await changes.until(
        () => journal.calls.find(isWanted),
        (found) => found !== undefined,
      );
      return call!;
    },
    hostOf: (id) => hypervisor.hostOf(id),
    settled: () => hypervisor.settled(),
  };
}
