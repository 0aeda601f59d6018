// The keys that work everywhere: n new, / search, ? help. Never while somebody types, or while a dialog is open.
import { signal } from "@preact/signals";

export const isHelpOpen = signal(false);

/** `go` leads to another view. Returns how to stop listening. */
export function listenToKeys(go: (path: string) => void): () => void {
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "n") go("/create");
    else if (event.key === "?") isHelpOpen.value = true;
    else if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>("input[type=search]");
      if (!search) return;
      search.focus();
    } else return;
    event.preventDefault();
  }
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
