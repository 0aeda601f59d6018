// Hides known secret values in text: lines of output, messages, errors. Pure but for what it has been told to hide.

/** Shorter values would hide half of every text and protect nobody. */
export const maskedCharactersMin = 4;
/** A single line of a longer secret (a key, a script) is hidden, too, unless it could be anybody's, such as `done`. */
export const maskedLineCharactersMin = 8;
export const mask = "********";

export interface Masker {
  add(values: readonly string[]): void;
  mask(text: string): string;
}

export function createMasker(values: readonly string[] = []): Masker {
  const known = new Set<string>();
  let pattern: RegExp | null = null;
  const masker: Masker = {
    add(more) {
      for (const value of more.flatMap(listForms)) known.add(value);
      // The longest first: a secret that begins with another one must not show its rest.
      const longestFirst = [...known].sort((one, other) => other.length - one.length);
      pattern =
        longestFirst.length === 0 ? null : new RegExp(longestFirst.map((form) => escapePattern(form)).join("|"), "g");
    },
    mask: (text) => (pattern === null ? text : text.replace(pattern, mask)),
  };
  masker.add(values);
  return masker;
}

/** As it is, line by line, and as it looks when a program quotes it or puts it into an address. */
function listForms(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const quoted = JSON.stringify(trimmed).slice(1, -1);
  const whole = [value, trimmed, quoted, quoted.replace(/[<>&]/g, toUnicodeEscape), ...listAddressForms(trimmed)];
  return [
    ...whole.filter((form) => form.length >= maskedCharactersMin),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= maskedLineCharactersMin) : []),
  ];
}

/** In a path; and as Go, in which docker-machine is written, puts it into a query and before the @. */
function listAddressForms(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const query = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const user = query.replace(/%(?:24|26|2B|2C|3B|3D)/g, decodeURIComponent);
  return [encoded, query, query.replaceAll("%20", "+"), user];
}

/** Go's JSON is safe to put into HTML. */
const toUnicodeEscape = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
