// The time-line: each process with a bar for each of its stages, those that are over and the one that grows.
import { formatDuration } from "../parts/duration.ts";
import { Problem } from "../parts/problem.tsx";
import { ClockTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import { now } from "../state/clock.ts";
import { nameStage } from "./stage-words.ts";
import { buildTimeLine, type ProcessStatus, type TimeLineProcess, type TimeLineRow } from "./time-line.ts";
import type { Records } from "./use-records.ts";

const statusWords: Readonly<Record<ProcessStatus, string>> = {
  queued: "comes next",
  running: "under way",
  waiting: "waits",
  stopping: "is being stopped",
  done: "done",
  failed: "failed",
  stopped: "stopped",
};

export interface TimeLineProps {
  records: Records | null;
  error: unknown;
  onRetry: () => void;
}

export function TimeLine({ records, error, onRetry }: TimeLineProps) {
  return (
    <section class="panel machine-time-line" aria-labelledby="machine-time-line">
      <h2 id="machine-time-line">Time-line</h2>
      {error !== undefined && (
        <>
          <Problem error={error} />
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </>
      )}
      {records ? <Processes records={records} /> : error === undefined && <p class="soft">Loading…</p>}
    </section>
  );
}

function Processes({ records }: { records: Records }) {
  const isOpen = records.processes.some(({ endedAt }) => endedAt === null);
  // Only what is under way grows with the clock.
  const processes = buildTimeLine({ ...records, now: isOpen ? now.value : 0 });
  if (processes.length === 0) return <p class="soft">Nothing was done with this machine.</p>;
  const hasUsual = processes.some(({ rows }) => rows.some(({ usualMs }) => usualMs !== null));
  return (
    <>
      {processes.map((process) => (
        <Process key={process.id} process={process} />
      ))}
      {hasUsual && (
        <p class="soft machine-legend">
          <span class="machine-bar-usual" aria-hidden="true" /> where a stage usually ends
        </p>
      )}
    </>
  );
}

/** Open, but for those that a later one has replaced. */
function Process({ process }: { process: TimeLineProcess }) {
  const { name, status, startedAt, tookMs, attempts, rows, isSuperseded, scaleMs } = process;
  return (
    <details class={`machine-process machine-process-${status}`} open={!isSuperseded}>
      <summary>
        <strong>{name}</strong> {statusWords[status]}
        {attempts > 1 && `, ${attempts} attempts`}
        <span class="machine-process-time">
          {startedAt !== null && <ClockTime at={startedAt} />}
          {tookMs !== null && ` · ${formatDuration(tookMs)}`}
        </span>
      </summary>
      {rows.length === 0 ? (
        <p class="soft">No stages were told of.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" class="machine-bar-cell">
                <span class="unseen">When</span>
              </th>
              <th scope="col" class="machine-number">
                Took
              </th>
              <th scope="col" class="machine-number">
                Usually
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.stage} row={row} scaleMs={scaleMs} />
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function rowClass({ isNow, hasFailed, tookMs }: TimeLineRow): string {
  if (isNow) return "machine-row-now";
  if (hasFailed) return "machine-row-failed";
  return tookMs === null ? "machine-row-awaited" : "";
}

function Row({ row, scaleMs }: { row: TimeLineRow; scaleMs: number }) {
  const { stage, segments, tookMs, usualMs, times, isNow, hasFailed } = row;
  const share = (milliseconds: number) => `${(100 * milliseconds) / scaleMs}%`;
  const [first] = segments;
  return (
    <tr class={rowClass(row)}>
      <th scope="row">
        <Text>{nameStage(stage)}</Text>
        {times > 1 && <span class="soft"> ×{times}</span>}
        {isNow && <span class="unseen"> (now)</span>}
        {hasFailed && <span class="machine-row-failure"> failed</span>}
      </th>
      <td class="machine-bar-cell">
        <span class="machine-bar" aria-hidden="true">
          {segments.map(({ fromMs, toMs }) => (
            <span key={fromMs} class="machine-bar-part" style={{ left: share(fromMs), width: share(toMs - fromMs) }} />
          ))}
          {first && usualMs !== null && (
            <span class="machine-bar-usual" style={{ left: share(first.fromMs + usualMs) }} />
          )}
        </span>
      </td>
      <td class="machine-number">{tookMs === null ? <span class="soft">–</span> : formatDuration(tookMs)}</td>
      <td class="machine-number soft">{usualMs === null ? "–" : formatDuration(usualMs)}</td>
    </tr>
  );
}
