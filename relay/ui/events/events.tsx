// The bus as it happens.
import "./events.css";
import { useMemo, useState } from "preact/hooks";
import { CodeLine } from "../parts/code-line.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { useTitle } from "../parts/use-title.ts";
import { key } from "../state/session.ts";
import { EventDialog } from "./event-dialog.tsx";
import { EventRow } from "./event-row.tsx";
import { curlLine, eventsMax, filterEvents, type Kept, logName } from "./kept-events.ts";
import { NameChips } from "./name-chips.tsx";
import { useEvents } from "./use-events.ts";

/** More rows at once would be slow to draw, and nobody reads them. */
const rowsStep = 200;

export function Events() {
  useTitle("Events");
  const [hiddenNames, setHiddenNames] = useState<ReadonlySet<string>>(new Set([logName]));
  const [machine, setMachine] = useState("");
  const [text, setText] = useState("");
  const [rows, setRows] = useState(rowsStep);
  const [open, setOpen] = useState<Kept & { kind: "event" }>();
  const events = useEvents(!hiddenNames.has(logName));
  const found = useMemo(
    () => filterEvents(events.shown, { hiddenNames, machine, text }),
    [events.shown, hiddenNames, machine, text],
  );
  const seen = [...events.counts.keys()];

  return (
    <main class="events">
      <h1>Events</h1>
      <div class="events-tools">
        <SearchField value={text} label="Search in the events" placeholder="Search in the events" onInput={setText} />
        <input
          type="text"
          class="events-machine"
          aria-label="Machine: its name or id"
          placeholder="Machine: name or id"
          autoComplete="off"
          spellcheck={false}
          value={machine}
          onInput={({ currentTarget }) => setMachine(currentTarget.value)}
        />
        {events.isPaused ? (
          <button type="button" class="main" onClick={events.resume}>
            Go on{events.waiting > 0 && `: ${events.waiting} new`}
          </button>
        ) : (
          <button type="button" onClick={events.pause}>
            Pause
          </button>
        )}
        <button type="button" disabled={events.shown.length === 0} onClick={events.clear}>
          Clear
        </button>
      </div>
      <NameChips counts={events.counts} hiddenNames={hiddenNames} onChange={setHiddenNames} />
      <p class="soft events-state">
        {events.isPaused ? "Paused: new ones are collected." : events.isConnected ? "Listening." : "Not connected."}{" "}
        {found.length === events.shown.length
          ? `${found.length} shown, the newest first.`
          : `${found.length} of ${events.shown.length} shown, the newest first.`}
        {events.shown.length === eventsMax && ` Older ones than the newest ${eventsMax} are forgotten.`}
      </p>
      {events.shown.length === 0 && <p>Nothing has happened since this view was opened.</p>}
      {events.shown.length > 0 && found.length === 0 && <p>None of them is like that.</p>}
      <ol class="events-list" aria-label="Events, the newest first">
        {found.slice(0, rows).map((kept) => (
          <EventRow key={kept.key} kept={kept} onOpen={setOpen} />
        ))}
      </ol>
      {found.length > rows && (
        <button type="button" onClick={() => setRows(rows + rowsStep)}>
          Show {Math.min(rowsStep, found.length - rows)} more
        </button>
      )}
      <h2 class="events-curl">The same in a terminal</h2>
      <CodeLine
        text={curlLine({ seen, hiddenNames }, { origin: location.origin, hasKey: key.value !== null })}
        label="Line that listens to the same events"
      />
      {open && <EventDialog kept={open} onClose={() => setOpen(undefined)} />}
    </main>
  );
}
