// A text that means what is typed: nothing completes it, corrects it, or shows it if it is a secret.
import type { InputEventHandler, KeyboardEventHandler } from "preact";
import type { ControlProps } from "./field.tsx";

export interface PlainInputProps extends Partial<ControlProps> {
  value: string;
  isSecret?: boolean;
  name?: string;
  class?: string;
  list?: string;
  placeholder?: string;
  inputMode?: "numeric" | "url";
  readOnly?: boolean;
  autofocus?: boolean;
  "aria-label"?: string;
  onText(text: string): void;
  onFocus?(): void;
  onChange?: InputEventHandler<HTMLInputElement>;
  onKeyDown?: KeyboardEventHandler<HTMLInputElement>;
}

export function PlainInput({ value, isSecret = false, onText, ...attributes }: PlainInputProps) {
  // One element for both, so that a text that turns out to be a secret keeps its focus.
  const type = (isSecret ? "password" : "text") as "text";
  return (
    <input
      {...attributes}
      type={type}
      autoComplete={isSecret ? "new-password" : "off"}
      autoCapitalize="off"
      spellcheck={false}
      value={value}
      onInput={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
