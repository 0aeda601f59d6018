// A request with the mask in place of its secrets: the preview has to know that they are there, and nothing else. Pure.
import type { OptionValue } from "../../../functions/contract.ts";
import type { NewMachine } from "../client/machines.ts";
import { secretMask } from "./draft.ts";
import { mapEngine } from "./engine.ts";
import { checkName } from "./names.ts";
import { holdsCredentials, isSecretOfEngine, isSecretValue } from "./secret-names.ts";

export function maskRequest({ name, driverConfig, engine }: NewMachine) {
  const options = Object.entries(driverConfig).map(([option, value]) => [option, mask(option, value as OptionValue)]);
  return {
    // A name that cannot be stands marked at its field; the line is worth seeing all the same.
    ...(checkName(name) === null ? { name } : {}),
    driverConfig: Object.fromEntries(options) as Record<string, OptionValue>,
    engine: mapEngine(engine, (place, text) => (isSecretOfEngine(place, text) ? secretMask : text)),
  };
}

function mask(name: string, value: OptionValue): OptionValue {
  if (typeof value === "object" && !Array.isArray(value)) return { content: secretMask };
  const hide = (text: string) => (isSecretValue(name) || holdsCredentials(text) ? secretMask : text);
  if (Array.isArray(value)) return value.map(hide);
  return typeof value === "string" ? hide(value) : value;
}
