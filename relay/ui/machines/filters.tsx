// Search, filters, and on a phone the order, of the list.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { SearchField } from "../parts/search-field.tsx";
import {
  isFiltered,
  type ListQuery,
  readSort,
  type SortColumn,
  type StateFilter,
  sortColumns,
  stateFilters,
  writeSort,
} from "./list-query.ts";

export interface FiltersProps {
  query: ListQuery;
  drivers: readonly string[];
  /** What the label filter can be. Called only while somebody is there: to list them is work. */
  listLabels(): readonly string[];
  onChange(change: Partial<ListQuery>): void;
}

const stateWords: Readonly<Partial<Record<StateFilter, string>>> = {
  attention: "needs attention",
  busy: "on the way to active",
};
export const columnWords: Readonly<Record<SortColumn, string>> = {
  name: "Name",
  state: "State",
  progress: "Progress",
  driver: "Driver",
  address: "Address",
  agent: "Agent",
  age: "Age",
};

export function Filters({ query, drivers, listLabels, onChange }: FiltersProps) {
  const { search, state, driver, label, sort } = query;
  // One that somebody asked for in the address stays in the list, whether there is such a machine or not.
  const known = driver === "" || drivers.includes(driver) ? drivers : [driver, ...drivers];
  return (
    <search class="row machines-filters">
      <SearchField
        value={search}
        label="Search machines by name, address or id"
        placeholder="Search: name, address, id"
        onInput={(text) => onChange({ search: text })}
      />
      <Choice
        label="State"
        value={state}
        options={[["", "any state"], ...stateFilters.map((name) => [name, stateWords[name] ?? name] as const)]}
        onChange={(value) => onChange({ state: value as StateFilter })}
      />
      <Choice
        label="Driver"
        value={driver}
        options={[["", "any driver"], ...known.map((name) => [name, name] as const)]}
        onChange={(value) => onChange({ driver: value })}
      />
      <LabelFilter value={label} listLabels={listLabels} onChange={(text) => onChange({ label: text })} />
      <Choice
        class="machines-sort"
        label="Order"
        value={writeSort(sort)}
        options={orders}
        onChange={(value) => onChange({ sort: readSort(value) })}
      />
      <button
        type="button"
        class={isFiltered(query) ? "quiet" : "quiet machines-away"}
        onClick={() => onChange({ search: "", state: "", driver: "", label: "" })}
      >
        Clear
      </button>
    </search>
  );
}

const orders = sortColumns.flatMap((column) => [
  [column, `${columnWords[column]} ↑`] as const,
  [writeSort({ column, isDescending: true }), `${columnWords[column]} ↓`] as const,
]);

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  class?: string;
  onChange(value: string): void;
}

function Choice({ label, value, options, onChange, ...props }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} {...props}>
      {options.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface LabelFilterProps {
  value: string;
  listLabels(): readonly string[];
  onChange(value: string): void;
}

/** Half a label matches nothing: it counts when it is one that is there, or when the field is left. */
function LabelFilter({ value, listLabels, onChange }: LabelFilterProps) {
  const listId = useId();
  const [draft, setDraft] = useState(value);
  const [labels, setLabels] = useState<readonly string[]>([]);
  const asked = useRef(value);
  useEffect(() => {
    // From elsewhere: back, forward, clear.
    if (value !== asked.current) setDraft(value);
    asked.current = value;
  }, [value]);
  function ask(text: string): void {
    if (text === value) return;
    asked.current = text;
    onChange(text);
  }
  return (
    <>
      <input
        aria-label="Label: name=value, or name"
        placeholder="Label: tier=web"
        list={listId}
        value={draft}
        autocomplete="off"
        spellcheck={false}
        onFocus={() => setLabels(listLabels())}
        onInput={({ currentTarget: { value: text } }) => {
          setDraft(text);
          if (text === "" || labels.includes(text)) ask(text);
        }}
        onChange={({ currentTarget }) => ask(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") ask(event.currentTarget.value);
        }}
      />
      <datalist id={listId}>
        {labels.map((label) => (
          <option key={label} value={label} />
        ))}
      </datalist>
    </>
  );
}
