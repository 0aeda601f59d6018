// An attempt failed and the next one comes by itself: why, when, and how to have it now.
import { useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { fireProcess } from "../client/machines.ts";
import { formatDuration } from "../parts/duration.ts";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { ClockTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import { useRequest } from "../parts/use-request.ts";
import { now } from "../state/clock.ts";
import { OptionsDialog } from "./options-dialog.tsx";
import type { Failure } from "./situation.ts";
import { nameProcess } from "./stage-words.ts";
import { FailureWords } from "./words.tsx";

/** Less than this is now. */
const startingMs = 500;

export interface FailingCardProps {
  machine: MachineView;
  process: NonNullable<MachineView["process"]>;
  error: Failure;
}

export function FailingCard({ machine, process, error }: FailingCardProps) {
  const [isChanging, setChanging] = useState(false);
  const request = useRequest();
  const { nextFireAt } = process;
  return (
    <section class="panel machine-card machine-card-error" aria-labelledby="machine-matter">
      <h2 id="machine-matter">
        <Icon name="error" /> {nameProcess(process.name)}: an attempt failed, the next one comes by itself
      </h2>
      <p>
        {nextFireAt === null ? (
          <UnderWay attempt={process.attempt} message={machine.transitioningMessage} />
        ) : (
          <Next attempts={process.attempt} at={nextFireAt} />
        )}
      </p>
      <FailureWords error={error} />
      {request.error !== undefined && <Problem error={request.error} />}
      <div class="actions">
        <button
          type="button"
          class="main"
          disabled={request.isBusy || nextFireAt === null}
          onClick={() => void request.send(() => fireProcess(process.id))}
        >
          Try now
        </button>
        {machine.state === "deleting" && (
          <button type="button" onClick={() => setChanging(true)}>
            Change options, then try now…
          </button>
        )}
      </div>
      {isChanging && <OptionsDialog machine={machine} onClose={() => setChanging(false)} />}
    </section>
  );
}

function UnderWay({ attempt, message }: { attempt: number; message: string | null }) {
  if (!message) return <>Attempt {attempt} is under way.</>;
  return (
    <>
      Attempt {attempt} is under way: <Text>{message}</Text>
    </>
  );
}

/** Counts down. */
function Next({ attempts, at }: { attempts: number; at: number }) {
  const soFar = attempts === 1 ? "One attempt so far." : `${attempts} attempts so far.`;
  const waitMs = at - now.value;
  if (waitMs < startingMs) return <>{soFar} The next one begins now.</>;
  return (
    <>
      {soFar} The next one comes in <strong>{formatDuration(waitMs)}</strong>, at <ClockTime at={at} />.
    </>
  );
}
