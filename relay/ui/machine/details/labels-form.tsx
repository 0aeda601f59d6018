// A machine's labels, and a form to add, change and remove them.
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { patchMachine } from "../../client/machines.ts";
import { Notice } from "../../parts/notice.tsx";
import { Problem } from "../../parts/problem.tsx";
import { RowInput } from "../../parts/row-input.tsx";
import { checkRows, toMap, toRows } from "../../parts/rows.ts";
import { Text } from "../../parts/text.tsx";
import { putMachine } from "../../state/machines.ts";

export function Labels({ machine }: { machine: MachineView }) {
  const [isEdited, setEdited] = useState(false);
  const { labels } = machine;
  if (isEdited) return <LabelsForm machine={machine} onDone={() => setEdited(false)} />;
  const names = namesOf(labels);
  return (
    <>
      {names.length === 0 ? (
        <p class="soft">No labels.</p>
      ) : (
        <table class="details-table">
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">
                  <Text>{name}</Text>
                </th>
                <td>
                  <Text>{labels[name] ?? ""}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="actions">
        <button type="button" onClick={() => setEdited(true)}>
          Edit labels
        </button>
      </div>
    </>
  );
}

function LabelsForm({ machine, onDone }: { machine: MachineView; onDone(): void }) {
  const [before, setBefore] = useState(machine.labels);
  const [rows, setRows] = useState(() => toRows(machine.labels));
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const mistake = checkRows(rows, "label");

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (mistake) return;
    setBusy(true);
    setError(null);
    try {
      putMachine(await patchMachine(machine.id, { labels: toMap(rows) }));
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      {!isSame(before, machine.labels) && (
        <Notice kind="warning">
          The labels were changed elsewhere meanwhile. Saving replaces them all.{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              setBefore(machine.labels);
              setRows(toRows(machine.labels));
            }}
          >
            Begin again with the new ones
          </button>
        </Notice>
      )}
      <RowInput label="Labels" word="label" rows={rows} error={(isTried && mistake) || undefined} onChange={setRows} />
      {error !== null && <Problem error={error} />}
      <div class="actions">
        <button type="submit" class="main" disabled={isBusy}>
          Save labels
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

const namesOf = (labels: MachineView["labels"]): string[] => Object.keys(labels).sort();

function isSame(one: MachineView["labels"], other: MachineView["labels"]): boolean {
  return JSON.stringify(toRows(one)) === JSON.stringify(toRows(other));
}
