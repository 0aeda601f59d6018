// Hands a file to the browser, to be saved by the person. The API wants a key, and a link sends none.

/** Long enough for a browser to begin reading it. */
const keptMs = 60_000;

export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}
