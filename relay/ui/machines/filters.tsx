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
    <search class="machines-filters">
      <SearchField
        value={search}
        label="Search machines by name, address or id"
        placeholder="Search: name, address, id"
        onInput={(text) => onChange({ search: text })}
      />
      <select
        aria-label="State"
        value={state}
        onChange={({ currentTarget }) => onChange({ state: currentTarget.value as StateFilter })}
      >
        <option value="">any state</option>
        {stateFilters.map((name) => (
          <option key={name} value={name}>
            {stateWords[name] ?? name}
          </option>
        ))}
      </select>
      <select
        aria-label="Driver"
        value={driver}
        onChange={({ currentTarget }) => onChange({ driver: currentTarget.value })}
      >
        <option value="">any driver</option>
        {known.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <LabelFilter value={label} listLabels={listLabels} onChange={(text) => onChange({ label: text })} />
      <select
        class="machines-sort"
        aria-label="Order"
        value={writeSort(sort)}
        onChange={({ currentTarget }) => onChange({ sort: readSort(currentTarget.value) })}
      >
        {sortColumns.flatMap((column) =>
          [false, true].map((isDescending) => {
            const value = writeSort({ column, isDescending });
            return (
              <option key={value} value={value}>
                {columnWords[column]} {isDescending ? "↓" : "↑"}
              </option>
            );
          }),
        )}
      </select>
      <button
        type="button"
        class="quiet"
        // It keeps its place, so that nothing moves when it comes and goes.
        style={{ visibility: isFiltered(query) ? "visible" : "hidden" }}
        onClick={() => onChange({ search: "", state: "", driver: "", label: "" })}
      >
        Clear
      </button>
    </search>
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
