// Turns the driver's options into orders, from a command line or from a machine's record.

import type { CommandLine } from "../../machine/flags.ts";
import { Failure } from "../../program.ts";
import { agentModes, bootstrapModes, type Orders, removeModes, type StageName, stageNames } from "../orders.ts";
import { driverFlags, driverName } from "./create-flags.ts";

/** The key of an option in a record: `--simulated-late-vm-ms` is `LateVmMs`. */
export type OrderValues = Record<string, string | number | boolean>;

/** Each option under its key in the record. */
export function orderValues(line: CommandLine): OrderValues {
  return Object.fromEntries(
    driverFlags.map(({ name, kind }) => [
      keyOf(name),
      kind === "switch" ? line.switches[name]! : kind === "integer" ? Number(line.texts[name]) : line.texts[name]!,
    ]),
  );
}

/**
 * Values that are not there have the flag's default: a record may be older than an option.
 * @throws Failure naming the option, what it may be, and what it is
 */
export function readOrders(values: Record<string, unknown>): Orders {
  const text = (option: string) => String(optionOf(values, option));
  return {
    accessToken: text("access-token"),
    durationMs: readCount(values, "duration-ms"),
    failAt: readChoice<StageName | "">(values, "fail-at", ["", ...stageNames]),
    failMessage: text("fail-message"),
    hangAt: readChoice<StageName | "">(values, "hang-at", ["", ...stageNames]),
    dieAt: readChoice<StageName | "">(values, "die-at", ["", ...stageNames]),
    lateVmMs: readCount(values, "late-vm-ms"),
    loseAnswer: /^(true|1)$/i.test(text("lose-answer")),
    linesPerSecond: readCount(values, "lines-per-second"),
    remove: readChoice(values, "remove", removeModes),
    bootstrap: readChoice(values, "bootstrap", bootstrapModes),
    agent: readChoice(values, "agent", agentModes),
    region: text("region"),
    size: text("size"),
  };
}

function keyOf(flagName: string): string {
  return flagName
    .slice(driverName.length + 1)
    .split("-")
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("");
}

function optionOf(values: Record<string, unknown>, option: string): unknown {
  const flag = driverFlags.find(({ name }) => name === `${driverName}-${option}`)!;
  return values[keyOf(flag.name)] ?? flag.default ?? "";
}

function readCount(values: Record<string, unknown>, option: string): number {
  const value = optionOf(values, option);
  // A record that was changed over the API may hold a number as text.
  if (/^\d{1,9}$/.test(String(value))) return Number(value);
  throw refuse(option, "a whole number from 0 to 999999999", value);
}

function readChoice<T extends string>(values: Record<string, unknown>, option: string, choices: readonly T[]): T {
  const value = optionOf(values, option);
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw refuse(option, `one of ${choices.filter((candidate) => candidate !== "").join(", ")}`, value);
}

function refuse(option: string, expected: string, got: unknown): Failure {
  return new Failure(`${driverName} driver: --${driverName}-${option} must be ${expected}, got ${JSON.stringify(got)}`);
}
