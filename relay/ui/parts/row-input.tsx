// Names with values, one row each: labels, variables.
import "./row-input.css";
import { useId } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { PlainInput } from "./plain-input.tsx";
import type { Row } from "./rows.ts";

export interface RowInputProps {
  label: string;
  /** What one of them is: "label". */
  word: string;
  rows: readonly Row[];
  help?: string;
  error?: string | undefined;
  /** Whose values are hidden. */
  isSecret?(row: Row): boolean;
  onChange(rows: Row[]): void;
}

const emptyRow: Row = { name: "", value: "" };

export function RowInput({ label, word, rows, help, error, isSecret, onChange }: RowInputProps) {
  const id = useId();
  const shown = rows.length > 0 ? rows : [emptyRow];
  const described = {
    ...(help || error ? { "aria-describedby": `${id}-help` } : {}),
    ...(error ? { "aria-invalid": true as const } : {}),
  };
  const change = (index: number, part: Partial<Row>) =>
    onChange(shown.with(index, { ...(shown[index] ?? emptyRow), ...part }));
  return (
    <fieldset class={error ? "field rows-fieldset has-error" : "field rows-fieldset"}>
      <legend>{label}</legend>
      <div class="rows">
        {shown.map(({ name, value }, index) => (
          <div class="row" key={index}>
            <PlainInput
              {...described}
              aria-label={`Name of ${word} ${index + 1}`}
              placeholder="name"
              value={name}
              onText={(text) => change(index, { name: text })}
            />
            <PlainInput
              aria-label={`Value of ${word} ${index + 1}`}
              placeholder="value"
              isSecret={isSecret?.({ name, value }) ?? false}
              value={value}
              onText={(text) => change(index, { value: text })}
            />
            <button
              type="button"
              class="quiet"
              aria-label={`Remove ${word} ${index + 1}`}
              disabled={rows.length === 0}
              onClick={() => onChange(rows.toSpliced(index, 1))}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
        <button type="button" class="link" onClick={() => onChange([...shown, emptyRow])}>
          Add {word}
        </button>
      </div>
      <div id={`${id}-help`}>
        {help && <div class="help">{help}</div>}
        {error && (
          <div class="field-error" role="alert">
            {error}
          </div>
        )}
      </div>
    </fieldset>
  );
}
