// A process waits for a handler that is not there.
import type { MachineView } from "../../api/machine-view.ts";
import { fireProcess } from "../client/machines.ts";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { useRequest } from "../parts/use-request.ts";
import type { Failure } from "./situation.ts";
import { nameProcess } from "./stage-words.ts";
import { FailureWords } from "./words.tsx";

export interface UnhandledCardProps {
  process: NonNullable<MachineView["process"]>;
  error: Failure | null;
}

export function UnhandledCard({ process, error }: UnhandledCardProps) {
  const request = useRequest();
  return (
    <section class="panel machine-card machine-card-warning" aria-labelledby="machine-matter">
      <h2 id="machine-matter">
        <Icon name="waiting" /> {nameProcess(process.name)} waits for a handler
      </h2>
      {error && <FailureWords error={error} />}
      {request.error !== undefined && <Problem error={request.error} />}
      <div class="actions">
        <a class="button main" href="/handlers">
          To the handlers
        </a>
        <button
          type="button"
          disabled={request.isBusy}
          onClick={() => void request.send(() => fireProcess(process.id))}
        >
          Try now
        </button>
      </div>
    </section>
  );
}
