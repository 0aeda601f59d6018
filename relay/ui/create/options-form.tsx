// The options of a driver as a form, made from the driver's own help.
import type { OptionValue } from "../../../functions/contract.ts";
import type { DriverView } from "../../api/driver-view.ts";

/** By the option's name; one that is absent is left to the driver. */
export type OptionValues = Record<string, OptionValue>;

export interface OptionsFormProps {
  driver: DriverView;
  values: OptionValues;
  onChange(values: OptionValues): void;
  /** What the API says is wrong, by the option's name. */
  errors: Readonly<Record<string, string>>;
  /** Secrets that the machine already has: they are kept unless something else is typed. */
  keptSecrets?: readonly string[];
}

export function OptionsForm(_: OptionsFormProps) {
  return null;
}
