// An id that nobody else has. `crypto.randomUUID` is missing where the page comes by plain http from another host.
const bytes = 16;

export function newRandomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
