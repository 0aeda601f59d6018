// The content of a file, chosen or pasted. Once it is there it is not shown again: it is a key as a rule.
import { useState } from "preact/hooks";
import type { ControlProps } from "../parts/field.tsx";
import { Text } from "../parts/text.tsx";
import { contentCharactersMax } from "./option-values.ts";
import { readTextFile } from "./text-file.ts";

export interface FileInputProps {
  control: ControlProps;
  label: string;
  content: string;
  onChange(content: string): void;
}

export function FileInput({ control, label, content, onChange }: FileInputProps) {
  const [isPasting, setPasting] = useState(false);
  const [source, setSource] = useState("pasted");
  const [error, setError] = useState<string>();

  async function choose(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) return;
    const read = await readTextFile(file);
    // So that the same file can be chosen again.
    input.value = "";
    setError(read.problem);
    if (read.content === undefined) return;
    setSource(file.name);
    setPasting(false);
    onChange(read.content);
  }

  if (content !== "" && !isPasting) {
    return (
      <div class="options-file">
        <span>
          <Text>{source}</Text>, {content.length.toLocaleString()} characters
        </span>
        <button
          type="button"
          class="link"
          id={control.id}
          aria-label={`Remove the content of ${label}`}
          onClick={() => onChange("")}
        >
          Remove
        </button>
      </div>
    );
  }
  return (
    <div class="options-file">
      <textarea
        {...control}
        class="options-masked"
        rows={2}
        maxLength={contentCharactersMax}
        placeholder="Paste the content, or choose a file"
        autoComplete="off"
        spellcheck={false}
        value={content}
        onInput={({ currentTarget }) => {
          setPasting(true);
          setSource("pasted");
          onChange(currentTarget.value);
        }}
        onBlur={() => setPasting(false)}
      />
      <input
        type="file"
        aria-label={`File for ${label}`}
        onChange={({ currentTarget }) => void choose(currentTarget)}
      />
      {error && (
        <div class="field-error" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
