// An id that nobody else has, and that nobody can guess: it also serves as a key. By getRandomValues, because randomUUID is missing where the page is not served by https.
const idBytes = 16;

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
