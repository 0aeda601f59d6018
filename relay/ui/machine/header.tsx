// Which machine this is, and what can be done with it.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { retryMachine } from "../client/machines.ts";
import { DeleteDialog } from "../machines/delete-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { RelativeTime } from "../parts/relative-time.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Text } from "../parts/text.tsx";
import { useRequest } from "../parts/use-request.ts";
import { putMachine } from "../state/machines.ts";

export function Header({ machine }: { machine: MachineView }) {
  const { name, state, driver, ipAddress, simulated, process, createdAt, deletedAt } = machine;
  return (
    <header class="machine-header">
      <div class="machine-title">
        <h1>
          <Text>{name}</Text>
        </h1>
        {simulated && <SimulatedMark />}
        <StateBadge state={state} isWaiting={process?.state === "waiting"} />
      </div>
      <Actions machine={machine} />
      <dl class="machine-facts">
        <Fact name="Driver">
          <Text>{driver}</Text>
        </Fact>
        <Fact name="Address">{ipAddress === null ? <span class="soft">none</span> : <Text>{ipAddress}</Text>}</Fact>
        <Fact name="Created">
          <RelativeTime at={createdAt} />
        </Fact>
        {deletedAt !== null && (
          <Fact name="Deleted">
            <RelativeTime at={deletedAt} />
          </Fact>
        )}
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Actions({ machine }: { machine: MachineView }) {
  const { id, state } = machine;
  const [isDeleting, setDeleting] = useState(false);
  const request = useRequest();
  return (
    <div class="machine-actions">
      <div class="actions">
        {state === "error" && (
          <button
            type="button"
            disabled={request.isBusy}
            onClick={() => void request.send(async () => putMachine(await retryMachine(id)))}
          >
            Retry
          </button>
        )}
        <a class="button" href={`/create?like=${encodeURIComponent(id)}`}>
          <Icon name="plus" /> Create another like this
        </a>
        {state !== "deleted" && (
          <button type="button" class="danger" onClick={() => setDeleting(true)}>
            {state === "deleting" ? "Delete by force…" : "Delete…"}
          </button>
        )}
      </div>
      {request.error !== undefined && <Problem error={request.error} />}
      {isDeleting && <DeleteDialog machines={[machine]} onClose={() => setDeleting(false)} />}
    </div>
  );
}
