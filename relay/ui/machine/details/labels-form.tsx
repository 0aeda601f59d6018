// A machine's labels, and a form to add, change and remove them.
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { patchMachine } from "../../client/machines.ts";
import { Icon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Text } from "../../parts/text.tsx";
import { putMachine } from "../../state/machines.ts";
import { addRow, isSame, type LabelRow, labelsOf, mistakesIn, namesOf, rowsOf } from "./labels.ts";

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

const focusWhenAdded = (input: HTMLInputElement | null) => {
  if (input?.value === "") input.focus();
};

function LabelsForm({ machine, onDone }: { machine: MachineView; onDone(): void }) {
  const [before, setBefore] = useState(machine.labels);
  const [rows, setRows] = useState<LabelRow[]>(() => addRow(rowsOf(machine.labels)));
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const mistakes = mistakesIn(rows);
  const isWrong = mistakes.rows.size > 0 || mistakes.all !== null;

  const change = (key: number, part: Partial<LabelRow>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (isWrong) return;
    setBusy(true);
    setError(null);
    try {
      putMachine(await patchMachine(machine.id, { labels: labelsOf(rows) }));
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  return (
    <form class="details-labels" onSubmit={(event) => void save(event)}>
      {!isSame(before, machine.labels) && (
        <Notice kind="warning">
          The labels were changed elsewhere meanwhile. Saving replaces them all.{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              setBefore(machine.labels);
              setRows(addRow(rowsOf(machine.labels)));
            }}
          >
            Begin again with the new ones
          </button>
        </Notice>
      )}
      {rows.map((row, index) => (
        <LabelFields
          key={row.key}
          row={row}
          place={index + 1}
          mistake={isTried ? mistakes.rows.get(row.key) : undefined}
          onChange={(part) => change(row.key, part)}
          onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
        />
      ))}
      <button type="button" class="quiet" onClick={() => setRows(addRow(rows))}>
        <Icon name="plus" /> Add a label
      </button>
      {isTried && mistakes.all !== null && <Notice kind="error">{mistakes.all}</Notice>}
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

interface LabelFieldsProps {
  row: LabelRow;
  place: number;
  mistake: { field: "name" | "value"; message: string } | undefined;
  onChange(part: Partial<LabelRow>): void;
  onRemove(): void;
}

function LabelFields({ row: { key, name, value }, place, mistake, onChange, onRemove }: LabelFieldsProps) {
  const errorId = `label-${key}-error`;
  const control = (field: "name" | "value") => ({
    "aria-label": `Label ${place}, ${field}`,
    ...(mistake?.field === field ? { "aria-invalid": true as const, "aria-describedby": errorId } : {}),
  });
  return (
    <div class={mistake ? "details-label has-error" : "details-label"}>
      <input
        {...control("name")}
        placeholder="name"
        value={name}
        ref={focusWhenAdded}
        onInput={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <input
        {...control("value")}
        placeholder="value"
        value={value}
        onInput={({ currentTarget }) => onChange({ value: currentTarget.value })}
      />
      <button
        type="button"
        class="quiet"
        aria-label={`Remove label ${name || place}`}
        title="Remove"
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
      {mistake && (
        <div class="field-error" id={errorId} role="alert">
          {mistake.message}
        </div>
      )}
    </div>
  );
}
