// What an error of a machine or of a process means, what to do, and whether trying again helps. Pure. The words of
// whoever said it stand beside it, whole: this only explains them, where we know.

import type { Failure } from "../store/types.ts";
import type { Entry, Meaning } from "./meaning.ts";
import { codes, families } from "./meanings-of-codes.ts";
import { words } from "./meanings-of-words.ts";

/** Null: we do not know more than its words say. */
export function meaningOf({ code, message }: Failure): Meaning | null {
  if (holdsForeignWords(code)) {
    const known = words.find(([pattern]) => pattern.test(message));
    if (known) return { means: known[1], todo: known[2], retry: known[3] };
  }
  const entry = entryOf(code) ?? families.find(([prefix]) => code.startsWith(prefix))?.[1];
  return entry ? { means: entry[0], todo: entry[1], retry: entry[2] } : null;
}

/** What of a failed create is left at the provider, as its words say. */
export function remainsOf({ message }: Pick<Failure, "message">): "nothing" | "something" | null {
  if (/\(what was made could not be removed: |could not be removed: /.test(message)) return "something";
  return /\(what was made has been removed\)/.test(message) ? "nothing" : null;
}

/** Under these codes a driver, an engine or somebody's handler speaks; under all others the relay itself. */
const foreignCodes = /^(driver\.(failed|timeout)|agent\.(failed|timeout)|outcome\.unknown|handler\.error)$/;
const holdsForeignWords = (code: string): boolean => foreignCodes.test(code) || !(entryOf(code) || isOfFamily(code));
// A handler may call its errors `constructor`.
const entryOf = (code: string): Entry | undefined => (Object.hasOwn(codes, code) ? codes[code] : undefined);
const isOfFamily = (code: string): boolean => families.some(([prefix]) => code.startsWith(prefix));
