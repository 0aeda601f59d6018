// What goes on with a machine now: the words, how far it is, how long it takes, and whether it seems stuck.
import type { MachineView } from "../../api/machine-view.ts";
import { Notice } from "../parts/notice.tsx";
import { ProgressBar } from "../parts/progress-bar.tsx";
import { Text } from "../parts/text.tsx";
import { now } from "../state/clock.ts";
import { estimateProcess, sayEstimate, sayStuck } from "./estimate.ts";
import { situationOf } from "./situation.ts";
import type { Records } from "./use-records.ts";

export function Progress({ machine, records }: { machine: MachineView; records: Records | null }) {
  const { transitioning, transitioningMessage, transitioningProgress, name } = machine;
  // What waits, or is tried again, is told of by a card of its own: a bar that comes and goes would move the page.
  if (transitioning !== "yes" || situationOf(machine).kind !== "well") return null;
  const estimate = estimateOf(machine, records);
  return (
    <div class="machine-progress">
      <div class="machine-progress-words">
        <span>{transitioningMessage ? <Text>{transitioningMessage}</Text> : "Waiting for the handler"}</span>
        <span class="machine-progress-percent">
          {transitioningProgress === null ? "" : `${Math.round(transitioningProgress)} %`}
        </span>
      </div>
      <ProgressBar percent={transitioningProgress} label={`Progress of ${name}`} />
      <div
        class="soft machine-estimate"
        {...(estimate ? { title: `The median of ${runsInWords(estimate.runs)} with this driver on this relay` } : {})}
      >
        {estimate ? sayEstimate(estimate) : " "}
      </div>
      {estimate?.stuck && (
        <Notice kind="warning">
          <strong>{sayStuck(estimate.stuck)}</strong> The log shows what it did last. It goes on by itself if it can; if
          not, delete the machine: what was made is removed.
        </Notice>
      )}
    </div>
  );
}

function estimateOf({ process }: MachineView, records: Records | null) {
  if (!process || !records) return null;
  const startedAt = records.processes.find(({ id }) => id === process.id)?.startedAt ?? null;
  return estimateProcess({
    process: { ...process, startedAt },
    stages: records.stages,
    timings: records.timings,
    now: now.value,
  });
}

const runsInWords = (runs: number): string => (runs === 1 ? "one past run" : `${runs} past runs`);
