// The names that were heard, each to be shown or hidden, and how often it came.
import { Icon } from "../parts/icon.tsx";
import { Text } from "../parts/text.tsx";
import { logName } from "./kept-events.ts";

export interface NameChipsProps {
  counts: ReadonlyMap<string, number>;
  hiddenNames: ReadonlySet<string>;
  onChange(hiddenNames: ReadonlySet<string>): void;
}

export function NameChips({ counts, hiddenNames, onChange }: NameChipsProps) {
  // It can be switched on before the first of them comes.
  const names = [...new Set([...counts.keys(), logName])].sort((one, other) => one.localeCompare(other));
  return (
    <fieldset class="events-chips">
      <legend class="unseen">Names that are shown</legend>
      {names.map((name) => {
        const isShown = !hiddenNames.has(name);
        return (
          <button
            type="button"
            key={name}
            class="events-chip"
            aria-pressed={isShown}
            title={name === logName ? "Lines of output: not kept while this is off" : undefined}
            onClick={() => {
              const changed = new Set(hiddenNames);
              if (isShown) changed.add(name);
              else changed.delete(name);
              onChange(changed);
            }}
          >
            <Icon name={isShown ? "check" : "close"} /> <Text>{name}</Text>{" "}
            <span class="events-count">{counts.get(name) ?? 0}</span>
          </button>
        );
      })}
      {names.length > 1 && (
        <>
          <button type="button" class="link" onClick={() => onChange(new Set())}>
            All
          </button>
          <button type="button" class="link" onClick={() => onChange(new Set(names))}>
            None
          </button>
        </>
      )}
    </fieldset>
  );
}
