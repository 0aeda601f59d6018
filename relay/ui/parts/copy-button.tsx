// Copies a text, and says that it did. Also where the browser forbids it: then it selects the text instead.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../state/announcements.ts";
import { Icon } from "./icon.tsx";

const shownMs = 2_000;

export function CopyButton({ text, label = "Copy" }: { text: string | (() => string); label?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  async function copy(): Promise<void> {
    await copyText(typeof text === "string" ? text : text());
    setCopied(true);
    announce("Copied");
  }
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      <Icon name={isCopied ? "check" : "copy"} /> {isCopied ? "Copied" : label}
    </button>
  );
}

/** Without https the clipboard is not offered: the older way still works there. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
