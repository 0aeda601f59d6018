// What the driver keeps of a machine in its record, besides its options.
import { isIPv6 } from "node:net";
import type { MachineRecord } from "../machine/record.ts";

/** Empty until it is known. */
export interface KnownFields {
  /** Of the engine that runs the machine, as the engine itself says it: it stays the same at another address. */
  EngineId: string;
  ContainerId: string;
  /** Of the machine's own engine. */
  EnginePort: number;
}

export const defaultEnginePort = 2376;

export const nothingKnown: KnownFields = { EngineId: "", ContainerId: "", EnginePort: defaultEnginePort };

export function knownFieldsOf({ Driver: fields }: MachineRecord): KnownFields {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    EngineId: text(fields.EngineId),
    ContainerId: text(fields.ContainerId),
    EnginePort: Number(fields.EnginePort) || defaultEnginePort,
  };
}

export function urlOf(record: MachineRecord): string {
  const { IPAddress: address } = record.Driver;
  return `tcp://${isIPv6(address) ? `[${address}]` : address}:${knownFieldsOf(record).EnginePort}`;
}
