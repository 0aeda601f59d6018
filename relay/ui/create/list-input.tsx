// Several texts, one row each.
import "../parts/row-input.css";
import { useState } from "preact/hooks";
import type { ControlProps } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { holdsCredentials } from "./secret-names.ts";

export interface ListInputProps {
  control: ControlProps;
  /** What each of them is. */
  label: string;
  values: readonly string[];
  isSecret?: boolean;
  onChange(values: string[]): void;
}

export function ListInput({ control: { id, ...control }, label, values, isSecret = false, onChange }: ListInputProps) {
  const [typed, setTyped] = useState<readonly string[]>([""]);
  // Rows that are still empty are this form's own; if anything else differs, somebody else has changed the values.
  const isTyped = JSON.stringify(typed.filter(Boolean)) === JSON.stringify(values.filter(Boolean));
  const rows = isTyped ? typed : values;

  function change(next: readonly string[]): void {
    setTyped(next.length > 0 ? next : [""]);
    onChange(next.filter(Boolean));
  }

  return (
    <div class="rows">
      {rows.map((value, index) => (
        <div class="row" key={index}>
          <PlainInput
            {...control}
            {...(index === 0 ? { id } : { "aria-label": `${label} ${index + 1}` })}
            isSecret={isSecret || holdsCredentials(value)}
            value={value}
            onText={(text) => change(rows.with(index, text))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`Remove ${label} ${index + 1}`}
            disabled={rows.length === 1 && value === ""}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" class="link" aria-label={`Add ${label}`} onClick={() => setTyped([...rows, ""])}>
        Add
      </button>
    </div>
  );
}
