// What the machines are called, and how many there will be.
import { Field } from "../parts/field.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { Text } from "../parts/text.tsx";
import type { Mistakes } from "./mistakes.ts";
import { countMax } from "./names.ts";

export interface NameFieldsProps {
  name: string;
  count: string;
  /** All that will be made. */
  names: readonly string[];
  taken: ReadonlySet<string>;
  mistakes: Pick<Mistakes, "name" | "count">;
  onName(name: string): void;
  onCount(count: string): void;
}

export function NameFields({ name, count, names, taken, mistakes, onName, onCount }: NameFieldsProps) {
  return (
    <>
      <div class="create-names">
        <Field label="Name" error={mistakes.name}>
          {(control) => <PlainInput {...control} name="name" value={name} onText={onName} />}
        </Field>
        <Field label="How many" error={mistakes.count}>
          {(control) => (
            <input
              {...control}
              type="number"
              name="count"
              min={1}
              max={countMax}
              value={count}
              onInput={({ currentTarget }) => onCount(currentTarget.value)}
            />
          )}
        </Field>
      </div>
      {names.length > 1 && (
        <ul class="create-list" aria-label="Machines that will be made">
          {names.map((each) => (
            <li key={each} class={taken.has(each) ? "create-taken" : ""}>
              <Text>{each}</Text>
              {taken.has(each) && " (taken)"}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
