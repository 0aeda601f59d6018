// Which texts are secrets by their name or their look: the contract's rule, again. Its file would bring the library of
// the schemas into the page; a test holds the two together.
import type { OptionValue } from "../../../functions/contract.ts";

const secretWords =
  /secret|token|password|passwd|passphrase|credential|(api|access|private|auth)[-_.]?key|user[-_.]?data|encoded[-_.]?json/i;
const publicNames = /^(ssh-?user|ssh-?port|keypair-?name|ssh-?key-?fingerprint)$/i;

/** The content of a file is one, whatever the option is called. */
export function isSecretValue(name: string, value?: OptionValue): boolean {
  if (typeof value === "object" && !Array.isArray(value)) return true;
  return secretWords.test(name) && !publicNames.test(name);
}

/** An address with a user or a password in it, such as a proxy's. */
export function holdsCredentials(text: string): boolean {
  return /:\/\/[^/\s]+@/.test(text);
}

/** `place` as in `environment.HTTP_PROXY`. */
export function isSecretOfEngine(place: string, text: string): boolean {
  return holdsCredentials(text) || (place.startsWith("environment.") && isSecretValue(place));
}
