// A text that only this form knows: nothing completes it, corrects it, or shows it if it is a secret.
import type { ControlProps } from "../parts/field.tsx";

export interface PlainInputProps extends Partial<ControlProps> {
  value: string;
  isSecret?: boolean;
  name?: string;
  list?: string;
  placeholder?: string;
  "aria-label"?: string;
  onText(text: string): void;
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
