// A dialog by the browser's own means: it keeps the focus in, and Esc closes it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  title: string;
  onClose(): void;
  /** A click beside it closes nothing: what it holds would be lost. */
  isFirm?: boolean;
  class?: string;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, isFirm = false, children, ...props }: DialogProps) {
  const element = useModal();
  const titleId = useId();
  return (
    <dialog
      ref={element}
      {...(props.class === undefined ? {} : { class: props.class })}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // The backdrop is the dialog itself; all else is inside of it. A press that begins inside, to select a text, is no press on it.
      onPointerDown={(event) => {
        if (!isFirm && event.target === element.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Shows the dialog modally for as long as it is there, so that nothing behind it can be reached. */
export function useModal() {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    // What had the focus gets it back when the dialog goes.
    const before = document.activeElement;
    dialog?.showModal();
    // A form begins with its first field, and not with the button that closes it.
    dialog?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return element;
}
