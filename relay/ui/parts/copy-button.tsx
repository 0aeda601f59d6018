// Copies a text, and says that it did, or that it could not.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../state/announcements.ts";
import { Icon } from "./icon.tsx";

const shownMs = 2_000;

export function CopyButton({ text, label = "Copy" }: { text: string | (() => string); label?: string }) {
  const [result, setResult] = useState("");
  useEffect(() => {
    if (result === "") return;
    const timer = setTimeout(() => setResult(""), shownMs);
    return () => clearTimeout(timer);
  }, [result]);
  async function copy(button: HTMLElement): Promise<void> {
    const words = (await copyText(typeof text === "string" ? text : text(), button)) ? "Copied" : "Not copied";
    setResult(words);
    announce(words);
  }
  return (
    <button type="button" class="small" onClick={({ currentTarget }) => void copy(currentTarget)}>
      <Icon name={result === "Copied" ? "check" : "copy"} /> {result || label}
    </button>
  );
}

/** Without https the clipboard is not offered: the older way still works there. */
async function copyText(text: string, button: HTMLElement): Promise<boolean> {
  const isCopied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (isCopied) return true;
  const area = document.createElement("textarea");
  area.value = text;
  // Beside the button: nothing outside of an open dialog can be selected.
  button.after(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  button.focus();
  return isDone;
}
