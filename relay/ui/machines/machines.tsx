// The list of machines, alive: what is shown of it is in the address, so that back, forward and reload keep it.
import "./machines.css";
import { useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { MachineView } from "../../api/machine-view.ts";
import { fireProcess, retryMachine } from "../client/machines.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { Problem } from "../parts/problem.tsx";
import { useLoaded } from "../parts/use-loaded.ts";
import { useTitle } from "../parts/use-title.ts";
import { announce } from "../state/announcements.ts";
import { allMachines, loadDeleted, loading, loadMachines, machineById, machinesMax } from "../state/machines.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { Empty } from "./empty.tsx";
import { Filters } from "./filters.tsx";
import { isFiltered, type ListQuery, readListQuery, sortBy, writeListQuery } from "./list-query.ts";
import type { RowActions } from "./machine-row.tsx";
import { MachinesTable } from "./machines-table.tsx";
import { type Count, countMachines, listDrivers, listLabels, selectRows } from "./select-rows.ts";
import { useHeldRows } from "./use-held-rows.ts";
import { keepAnswer, useRequests } from "./use-requests.ts";

const pageSize = 50;
const labelsMax = 200;

export function Machines() {
  useTitle("Machines");
  const { query: address, route } = useLocation();
  const query = readListQuery(address);
  const machines = allMachines();
  const { state } = loading.value;
  const count = countMachines(machines);
  return (
    <main class="machines">
      <Header count={state === "ready" ? count : null} />
      {state === "loading" && <p class="soft">Loading…</p>}
      {loading.value.state === "failed" && (
        <>
          <Problem error={loading.value.error} />
          <button type="button" onClick={() => void loadMachines()}>
            Try again
          </button>
        </>
      )}
      {loading.value.state === "ready" && loading.value.isCut && (
        <Notice kind="info">Only the newest {machinesMax} machines are shown.</Notice>
      )}
      {state === "ready" && count.all === 0 && query.state !== "deleted" && <Empty hasDeleted={machines.length > 0} />}
      {state === "ready" && (count.all > 0 || query.state === "deleted") && (
        <List
          machines={machines}
          query={query}
          // Every letter of a search would be a step back; every other choice is one.
          onChange={(change) => route(writeListQuery({ ...query, page: 0, ...change }), change.search !== undefined)}
        />
      )}
    </main>
  );
}

function Header({ count }: { count: Count | null }) {
  return (
    <header class="row machines-header">
      <h1>Machines</h1>
      <p class="soft">
        {count && (
          <>
            {count.all === 1 ? "1 machine" : `${count.all} machines`}
            {count.error > 0 && (
              <>
                , <a href="/?state=error">{count.error} in error</a>
              </>
            )}
          </>
        )}
      </p>
      <a class="button main" href="/create">
        <Icon name="plus" /> Create<span class="wide-only"> a machine</span>
      </a>
    </header>
  );
}

interface ListProps {
  machines: readonly MachineView[];
  query: ListQuery;
  onChange(change: Partial<ListQuery>): void;
}

function List({ machines, query, onChange }: ListProps) {
  const found = selectRows(machines, query);
  const [rows, hold] = useHeldRows(found, machineById, writeListQuery({ ...query, page: 0 }));
  const { requests, run, forget } = useRequests();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [toDelete, setToDelete] = useState<readonly MachineView[] | null>(null);
  const actions = useMemo<RowActions>(
    () => ({
      select: (machine, isSelected) => setSelection((before) => withEach(before, [machine], isSelected)),
      remove: (machine) => setToDelete([machine]),
      retry: (machine) => void run([machine], keepAnswer(retryMachine)),
      tryNow: (machine) => {
        const { process } = machine;
        if (process) void run([machine], () => fireProcess(process.id));
      },
    }),
    [run],
  );
  const page = Math.min(query.page, Math.max(0, Math.ceil(rows.length / pageSize) - 1));
  // Asked for one by one, because those that are looked at are not forgotten.
  const shown = rows.slice(page * pageSize, (page + 1) * pageSize).flatMap(({ id }) => machineById(id) ?? []);
  // What the filters hide is not acted upon, even if it was selected before.
  const selectable = rows.filter(({ state }) => state !== "deleted");
  const selected = selectable.filter(({ id }) => selection.has(id));
  const retryable = selected.filter(({ state }) => state === "error");

  async function retrySelected(): Promise<void> {
    const failed = await run(retryable, keepAnswer(retryMachine));
    announce(`${retryable.length - failed.length} of ${retryable.length} are tried again`);
    setSelection(new Set(failed.map(({ machine }) => machine.id)));
  }

  return (
    <>
      <Filters
        query={query}
        drivers={listDrivers(machines)}
        listLabels={() => listLabels(machines, labelsMax)}
        onChange={onChange}
      />
      {query.state === "deleted" && <DeletedLoader />}
      {rows.length === 0 ? (
        <p class="machines-none soft">No machine matches.</p>
      ) : (
        <MachinesTable
          machines={shown}
          sort={query.sort}
          selected={selection}
          busy={requests.busy}
          actions={actions}
          onMove={hold}
          onSort={(column) => onChange({ sort: sortBy(query.sort, column) })}
          onSelectPage={(isSelected) => setSelection((before) => withEach(before, shown, isSelected))}
        />
      )}
      <p class="machines-found soft" role="status">
        {isFiltered(query) && found.length > 0 && `${found.length} found`}
      </p>
      <Pager
        page={page}
        pageSize={pageSize}
        count={rows.length}
        onPage={(next) => {
          onChange({ page: next });
          window.scrollTo(0, 0);
        }}
      />
      <BulkBar
        count={selected.length}
        retryable={retryable.length}
        all={selectable.length}
        requests={requests}
        onDelete={() => setToDelete(selected)}
        onRetry={() => void retrySelected()}
        onSelectAll={() => setSelection(new Set(selectable.map(({ id }) => id)))}
        onSelectNone={() => setSelection(new Set())}
        onForget={forget}
      />
      {toDelete && <DeleteDialog machines={toDelete} onClose={closeDelete} />}
    </>
  );

  function closeDelete(): void {
    setToDelete(null);
    // What is being deleted now need not be chosen again; what failed still is.
    setSelection((before) => new Set([...before].filter((id) => !isOnItsWayOut(machineById(id)))));
  }
}

function isOnItsWayOut(machine: MachineView | undefined): boolean {
  return machine === undefined || machine.state === "deleting" || machine.state === "deleted";
}

function withEach(before: ReadonlySet<string>, machines: readonly MachineView[], isSelected: boolean) {
  const ids = new Set(machines.map(({ id }) => id));
  return isSelected ? before.union(ids) : before.difference(ids);
}

/** Those that are gone are asked for only where somebody wants to see them. */
function DeletedLoader() {
  const [deleted, reload] = useLoaded(loadDeleted, []);
  if (deleted.state !== "failed") return null;
  return (
    <>
      <Problem error={deleted.error} />
      <button type="button" onClick={reload}>
        Try again
      </button>
    </>
  );
}
