// What a deletion destroys; and of one that was asked for before, what keeps it from ending.
import type { MachineView } from "../../api/machine-view.ts";
import { fireProcess } from "../client/machines.ts";
import { situationOf } from "../machine/situation.ts";
import { formatRelative } from "../parts/duration.ts";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { Text } from "../parts/text.tsx";
import { useRequest } from "../parts/use-request.ts";
import { now } from "../state/clock.ts";
import { describeDestruction, describeShortly, fateOf } from "./delete-words.ts";
import { Places } from "./remains.tsx";

export function Destruction({ machines }: { machines: readonly MachineView[] }) {
  const [machine] = machines;
  if (machines.length > 1 || !machine) return <MachineList machines={machines} />;
  const isBeingMade = machine.process !== null && machine.process.name !== "delete";
  return (
    <>
      {machine.state === "deleting" && <UnderWay machine={machine} />}
      <p>
        <Text>{describeDestruction(machine)}</Text> {machine.simulated && <SimulatedMark />}
      </p>
      {isBeingMade && <p>It is still being made: that is stopped first.</p>}
      {fateOf(machine) === "vm" && <Places machine={machine} />}
    </>
  );
}

function UnderWay({ machine }: { machine: MachineView }) {
  const request = useRequest();
  const situation = situationOf(machine);
  if (situation.kind !== "failing") return <p>It is being deleted already.</p>;
  const { id, attempt, nextFireAt } = situation.process;
  return (
    <>
      <Notice kind="warning">
        It is being deleted, and that keeps failing: <Text>{situation.error.message}</Text>
        <div class="row">
          Attempt {attempt}
          {nextFireAt === null ? " is under way." : `. The next one ${formatRelative(nextFireAt, now.value)}.`}
          <button
            type="button"
            class="small"
            disabled={request.isBusy || nextFireAt === null}
            onClick={() => void request.send(() => fireProcess(id))}
          >
            Try now
          </button>
        </div>
      </Notice>
      {request.error !== undefined && <Problem error={request.error} />}
    </>
  );
}

function MachineList({ machines }: { machines: readonly MachineView[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
    <ul class="plain delete-list" tabIndex={0} aria-label="What is deleted">
      {machines.map((machine) => (
        <li key={machine.id}>
          <strong>
            <Text>{machine.name}</Text>
          </strong>{" "}
          {machine.simulated && <SimulatedMark />}
          <div class="soft">
            <Text>{[machine.driver, machine.ipAddress].filter(Boolean).join(" · ")}</Text>: {describeShortly(machine)}
          </div>
        </li>
      ))}
    </ul>
  );
}
