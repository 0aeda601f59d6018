// The table of a page of machines.
import type { MachineView } from "../../api/machine-view.ts";
import { Icon } from "../parts/icon.tsx";
import { columnWords } from "./filters.tsx";
import { type Sort, type SortColumn, sortColumns } from "./list-query.ts";
import { MachineRow, type RowActions } from "./machine-row.tsx";

export interface MachinesTableProps {
  machines: readonly MachineView[];
  sort: Sort;
  selected: ReadonlySet<string>;
  busy: ReadonlySet<string>;
  actions: RowActions;
  /** Somebody moves over the rows. */
  onMove(): void;
  onSort(column: SortColumn): void;
  onSelectPage(isSelected: boolean): void;
}

export function MachinesTable(props: MachinesTableProps) {
  const { machines, sort, selected, busy, actions, onMove } = props;
  return (
    <table class="machines-table">
      <thead>
        <tr>
          <th scope="col" class="machines-check">
            <SelectPage machines={machines} selected={selected} onChange={props.onSelectPage} />
          </th>
          {sortColumns.map((column) => (
            <th
              key={column}
              scope="col"
              class={`machines-${column}`}
              {...(sort.column === column ? { "aria-sort": sort.isDescending ? "descending" : "ascending" } : {})}
            >
              <button type="button" class="machines-sort-by" onClick={() => props.onSort(column)}>
                {columnWords[column]}
                {sort.column === column && <Icon name={sort.isDescending ? "down" : "up"} />}
              </button>
            </th>
          ))}
          <th scope="col" class="machines-actions">
            <span class="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody onPointerMove={onMove} onPointerDown={onMove} onKeyDown={onMove}>
        {machines.map((machine) => (
          <MachineRow
            key={machine.id}
            machine={machine}
            isSelected={selected.has(machine.id)}
            isBusy={busy.has(machine.id)}
            actions={actions}
          />
        ))}
      </tbody>
    </table>
  );
}

interface SelectPageProps {
  machines: readonly MachineView[];
  selected: ReadonlySet<string>;
  onChange(isSelected: boolean): void;
}

function SelectPage({ machines, selected, onChange }: SelectPageProps) {
  const selectable = machines.filter(({ state }) => state !== "deleted");
  const count = selectable.filter(({ id }) => selected.has(id)).length;
  return (
    <label>
      <input
        type="checkbox"
        aria-label="Select all on this page"
        disabled={selectable.length === 0}
        checked={count > 0 && count === selectable.length}
        indeterminate={count > 0 && count < selectable.length}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span class="machines-check-words" aria-hidden="true">
        All on this page
      </span>
    </label>
  );
}
