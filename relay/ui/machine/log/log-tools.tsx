// What a reader can do with the log: search it, pause it, take it away.
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { getLogText } from "../../client/records.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Problem } from "../../parts/problem.tsx";
import { saveFile } from "../../parts/save-file.ts";
import { SearchField } from "../../parts/search-field.tsx";
import type { LogLines } from "./log-lines.ts";
import { type Shown, shownText } from "./shown-text.ts";

interface Switch {
  is: boolean;
  set(is: boolean): void;
}

export interface LogToolsProps {
  machine: MachineView;
  search: {
    typed: string;
    onInput(value: string): void;
    go(step: 1 | -1): void;
    /** The lines in which it occurs; null: nothing is searched for. */
    found: readonly number[] | null;
    current: number | null;
  };
  only: Switch;
  times: Switch;
  pause: Switch & { waiting: number };
  shown(): [LogLines, Shown];
}

export function LogTools({ machine, search, only, times, pause, shown }: LogToolsProps) {
  const { found } = search;
  const hasFound = found !== null && found.length > 0;
  return (
    <div class="log-tools">
      <div class="log-search">
        <SearchField label="Search the log" value={search.typed} onInput={search.onInput} onEnter={search.go} />
        <button
          type="button"
          class="quiet"
          aria-label="Previous match"
          title="Previous (Shift+Enter)"
          disabled={!hasFound}
          onClick={() => search.go(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Next match"
          title="Next (Enter)"
          disabled={!hasFound}
          onClick={() => search.go(1)}
        >
          <Icon name="down" />
        </button>
        <span class="log-count soft">{found && describeFound(found, search.current)}</span>
      </div>
      <Check {...only} label="Only matching lines" />
      <Check {...times} label="Times" />
      <div class="log-actions">
        <button type="button" class="small" onClick={() => pause.set(!pause.is)}>
          <Icon name={pause.is ? "play" : "waiting"} />
          {pause.is ? `Resume${pause.waiting > 0 ? ` (${pause.waiting} new)` : ""}` : "Pause"}
        </button>
        <CopyButton text={() => shownText(...shown())} />
        <Download machine={machine} />
      </div>
    </div>
  );
}

/** `3 of 12 lines` */
export function describeFound(found: readonly number[], current: number | null): string {
  const lines = `${found.length} ${found.length === 1 ? "line" : "lines"}`;
  const place = current === null ? -1 : found.indexOf(current);
  return place === -1 ? lines : `${place + 1} of ${lines}`;
}

function Check({ is, set, label }: Switch & { label: string }) {
  return (
    <label class="log-check">
      <input type="checkbox" checked={is} onChange={({ currentTarget }) => set(currentTarget.checked)} /> {label}
    </label>
  );
}

function Download({ machine }: { machine: MachineView }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  async function download(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      saveFile(`${machine.name}.log`, new Blob([await getLogText(machine.id)], { type: "text/plain" }));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <button type="button" class="small" disabled={isBusy} onClick={() => void download()}>
        <Icon name="download" /> Download
      </button>
      {error !== null && <Problem error={error} />}
    </>
  );
}
