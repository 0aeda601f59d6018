// One machine of the list. Drawn again only when its machine, its selection or its requests change: see `MachineRow`.
import { useMemo } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { formatRelative } from "../parts/duration.ts";
import { ProgressBar } from "../parts/progress-bar.tsx";
import { RelativeTime } from "../parts/relative-time.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { now } from "../state/clock.ts";
import { describeLabels, describeRow } from "./row-words.ts";

/** Less than this is now. */
const startingMs = 2_000;

export interface RowActions {
  select(machine: MachineView, isSelected: boolean): void;
  remove(machine: MachineView): void;
  retry(machine: MachineView): void;
  tryNow(machine: MachineView): void;
}

export interface MachineRowProps {
  machine: MachineView;
  isSelected: boolean;
  /** A request about it is under way. */
  isBusy: boolean;
  /** Always the same object: a new one would draw every row. */
  actions: RowActions;
}

/** With 50 changes a second the list is drawn five times a second: each time only the rows that have changed. */
export function MachineRow({ machine, isSelected, isBusy, actions }: MachineRowProps) {
  return useMemo(
    () => <Row machine={machine} isSelected={isSelected} isBusy={isBusy} actions={actions} />,
    [machine, isSelected, isBusy, actions],
  );
}

function Row({ machine, isSelected, isBusy, actions }: MachineRowProps) {
  const { id, name, state, driver, ipAddress, createdAt, labels } = machine;
  const hasLabels = Object.keys(labels).length > 0;
  const isGone = state === "deleted";
  return (
    <tr class={isSelected ? "is-selected" : ""}>
      <td class="machines-check">
        {!isGone && (
          <label>
            <input
              type="checkbox"
              aria-label={`Select ${name}`}
              checked={isSelected}
              onChange={({ currentTarget }) => actions.select(machine, currentTarget.checked)}
            />
          </label>
        )}
      </td>
      <td class="machines-name">
        <div class="machines-line">
          <a class="clipped" href={`/machines/${encodeURIComponent(id)}`} title={name}>
            <bdi>{name}</bdi>
          </a>
          {machine.simulated && <SimulatedMark />}
        </div>
        {hasLabels && <Clipped class="machines-labels soft" text={describeLabels(labels)} />}
      </td>
      <td class="machines-state">
        <StateBadge state={state} isWaiting={machine.process?.waitingFor != null} />
      </td>
      <td class="machines-progress">
        <Words machine={machine} isBusy={isBusy} onTryNow={actions.tryNow} />
      </td>
      <td class="machines-driver">
        <Clipped text={driver} />
      </td>
      <td class="machines-address">
        <Clipped text={ipAddress ?? ""} />
      </td>
      <td class="machines-agent">
        <Agent agent={machine.agent} />
      </td>
      <td class="machines-age">
        <RelativeTime at={createdAt} />
      </td>
      <td class="machines-actions">
        <div>
          {state === "error" && (
            <button
              type="button"
              class="small"
              disabled={isBusy}
              aria-label={`Retry ${name}`}
              title="Try again what failed"
              onClick={() => actions.retry(machine)}
            >
              Retry
            </button>
          )}
          {!isGone && (
            <button
              type="button"
              class="small"
              disabled={isBusy}
              aria-label={`Delete ${name}`}
              onClick={() => actions.remove(machine)}
            >
              Delete
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}

/** One line, whatever it holds; all of it on hover. */
function Clipped({ text, class: name = "" }: { text: string; class?: string }) {
  return (
    <div class={`clipped ${name}`} title={text}>
      <bdi>{text}</bdi>
    </div>
  );
}

interface WordsProps {
  machine: MachineView;
  isBusy: boolean;
  onTryNow(machine: MachineView): void;
}

function Words({ machine, isBusy, onTryNow }: WordsProps) {
  const words = describeRow(machine);
  switch (words.kind) {
    case "progress":
      return (
        <>
          <div class="machines-line machines-bar">
            <ProgressBar percent={words.percent} label={`Progress of ${machine.name}`} />
            <span class="machines-percent">{words.percent === null ? "" : `${Math.round(words.percent)} %`}</span>
          </div>
          <Clipped class="soft" text={words.text} />
        </>
      );
    case "resolve":
      return (
        <>
          <div class="machines-line">
            <a href={`/machines/${encodeURIComponent(machine.id)}`}>waits for your word</a>
          </div>
          <Clipped class="soft" text={words.text} />
        </>
      );
    case "failing":
      return (
        <>
          <Clipped class="machines-bad" text={words.text} />
          <div class="machines-line soft">
            {words.nextFireAt === null ? (
              "trying…"
            ) : (
              <>
                <NextAttempt at={words.nextFireAt} />
                <button type="button" class="link" disabled={isBusy} onClick={() => onTryNow(machine)}>
                  Try now<span class="unseen"> with {machine.name}</span>
                </button>
              </>
            )}
          </div>
        </>
      );
    case "error":
      return <Clipped class="machines-bad" text={words.text} />;
    case "quiet":
      return (
        <>
          {machine.deletedAt !== null && (
            <div class="soft">
              deleted <RelativeTime at={machine.deletedAt} />
            </div>
          )}
          {words.text !== "" && <Clipped class="soft" text={words.text} />}
        </>
      );
  }
}

/** A component of its own, because it ticks. */
function NextAttempt({ at }: { at: number }) {
  return <span>next try {at > now.value + startingMs ? formatRelative(at, now.value) : "now"}</span>;
}

function Agent({ agent: { state, lastSeen } }: Pick<MachineView, "agent">) {
  if (state === "none") return <Clipped class="soft" text="" />;
  return (
    <>
      <div class={`clipped machines-agent-${state}`}>{state}</div>
      {lastSeen !== null && (
        <div class="clipped soft">
          seen <RelativeTime at={lastSeen} />
        </div>
      )}
    </>
  );
}
