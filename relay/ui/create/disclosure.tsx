// A part of a form that is closed until somebody wants it, or until something in it needs a look.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface DisclosureProps {
  title: string;
  /** How much is in it. */
  note: string;
  mustOpen: boolean;
  children: ComponentChildren;
}

export function Disclosure({ title, note, mustOpen, children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(mustOpen);
  useLayoutEffect(() => {
    // Only then: it stays open when all is well again, because somebody is typing there, and may be closed in spite of it.
    if (mustOpen) setOpen(true);
  }, [mustOpen]);
  return (
    <details class="options-disclosure" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {title} <span class="soft">{note}</span>
      </summary>
      <div class="options-disclosed">{children}</div>
    </details>
  );
}
