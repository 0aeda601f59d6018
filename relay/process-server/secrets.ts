// The secret values of a machine, and text without them. Pure. Functions mask their output themselves; this is for
// whatever else may be said about a machine, by whomever.
import { type DriverConfig, isSecretOption } from "../../functions/contract.ts";

/** A shorter value would blacken half of every line and hide little. */
const secretCharactersMin = 4;
const mask = "********";

export function secretValues(config: DriverConfig): string[] {
  const values = Object.entries(config)
    .filter(([name, value]) => isSecretOption(name, value))
    .flatMap(([, value]) => {
      if (Array.isArray(value)) return value;
      if (typeof value === "object") return [value.content, ...value.content.split("\n")];
      return [String(value)];
    });
  // Longest first: a secret that contains another is masked whole.
  return [...new Set(values.map((value) => value.trim()))]
    .filter((value) => value.length >= secretCharactersMin)
    .sort((a, b) => b.length - a.length);
}

export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, mask);
  return masked;
}
