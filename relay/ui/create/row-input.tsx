// Names with values, one row each: labels, variables.
import { useId } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import type { Row } from "./rows.ts";
import { isSecretOfEngine } from "./secret-names.ts";

export interface RowInputProps {
  label: string;
  /** What one of them is: "label". */
  word: string;
  rows: readonly Row[];
  help?: string;
  error?: string | undefined;
  /** Hides the values of those that are called like secrets. */
  hidesSecrets?: boolean;
  onChange(rows: Row[]): void;
}

const emptyRow: Row = { name: "", value: "" };

export function RowInput({ label, word, rows, help, error, hidesSecrets = false, onChange }: RowInputProps) {
  const id = useId();
  const shown = rows.length > 0 ? rows : [emptyRow];
  const described = {
    ...(help || error ? { "aria-describedby": `${id}-help` } : {}),
    ...(error ? { "aria-invalid": true as const } : {}),
  };
  const change = (index: number, part: Partial<Row>) =>
    onChange(shown.with(index, { ...(shown[index] ?? emptyRow), ...part }));
  return (
    <fieldset class={error ? "field options-fieldset has-error" : "field options-fieldset"}>
      <legend>{label}</legend>
      <div class="options-rows">
        {shown.map(({ name, value }, index) => (
          <div class="options-row" key={index}>
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
              isSecret={hidesSecrets && isSecretOfEngine(`environment.${name}`, value)}
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
