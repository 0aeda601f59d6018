// The secret values of a machine, and text without them. Pure. Functions mask their output themselves; this is for
// whatever else may be said about a machine, by whomever.
import {
  type DriverConfig,
  type EngineOptions,
  isSecretOption,
  listEngineSecrets,
  secretMask,
} from "../../functions/contract.ts";

/** A shorter value would blacken half of every line and hide little. */
const secretCharactersMin = 4;
/** The same of one line of a file: `done` or `fi` in a script is no secret. */
const secretLineCharactersMin = 8;

export function secretValues({
  driverConfig,
  engine,
}: {
  driverConfig: DriverConfig;
  engine: EngineOptions;
}): string[] {
  const ofDriver = Object.entries(driverConfig)
    .filter(([name, value]) => isSecretOption(name, value))
    .flatMap(([, value]) => {
      if (Array.isArray(value)) return value;
      return typeof value === "object" ? [value.content, ...linesOf(value.content)] : [String(value)];
    });
  const ofEngine = listEngineSecrets(engine).map(([, value]) => value);
  // Longest first: a secret that contains another is masked whole.
  return [...new Set([...ofDriver, ...ofEngine].map((value) => value.trim()))]
    .filter((value) => value.length >= secretCharactersMin)
    .sort((a, b) => b.length - a.length);
}

function linesOf(content: string): string[] {
  return content.split("\n").filter((line) => line.trim().length >= secretLineCharactersMin);
}

export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, secretMask);
  return masked;
}
